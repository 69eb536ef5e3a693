// A kernel's bad address or a compiler's trap becomes an error of the launch; every other fault goes to whoever had the signal before.
#include "launch.h"
#include "memory.h"
#include <signal.h>
#include <ucontext.h>

namespace {
struct sigaction old_segv, old_bus, old_ill, old_trap;
thread_local int fault_signal __attribute__((tls_model("initial-exec")));
thread_local void* fault_address __attribute__((tls_model("initial-exec")));

void report_fault() {
    if (fault_signal == SIGILL || fault_signal == SIGTRAP)
        fail(700, "out of bounds of a fixed-size array, or misaligned access of a vector");
    const Worker* w = worker;
    if ((size_t)((unsigned char*)fault_address - w->stacks) < w->stack_bytes * most_threads) fail(719, "stack overflow of a thread");
    fail(700, "out of bounds: illegal address %p%s", fault_address,
         device_memory.holds(fault_address) ? ", in device memory outside every allocation" : "");
}

const struct sigaction& previous(int signal) {
    return signal == SIGSEGV ? old_segv : signal == SIGBUS ? old_bus : signal == SIGILL ? old_ill : old_trap;
}

void on_fault(int signal, siginfo_t* info, void* context) {
    if (worker && current) {
        fault_signal = signal;
        fault_address = info->si_addr;
        // Resume on a stack of the worker's own: the faulting one may have overflowed.
        unsigned char* top = worker->fault_stack + sizeof worker->fault_stack;
        auto& machine = ((ucontext_t*)context)->uc_mcontext;
#if defined(__x86_64__)
        machine.gregs[REG_RSP] = (greg_t)(top - 8);
        machine.gregs[REG_RIP] = (greg_t)report_fault;
#else
        machine.sp = (unsigned long)(top);
        machine.pc = (unsigned long)report_fault;
#endif
        return;
    }
    const struct sigaction& before = previous(signal);
    if (before.sa_flags & SA_SIGINFO) before.sa_sigaction(signal, info, context);
    else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) before.sa_handler(signal);
    else ::signal(signal, SIG_DFL); // the instruction runs again and the process ends as it would have
}
}

void install_fault_handlers() {
    struct sigaction action {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigaction(SIGSEGV, &action, &old_segv);
    sigaction(SIGBUS, &action, &old_bus);
    sigaction(SIGILL, &action, &old_ill);
    sigaction(SIGTRAP, &action, &old_trap);
}
