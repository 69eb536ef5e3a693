// Stackful fibers: a CUDA thread is a fiber. A switch saves the callee-saved registers and changes stacks, about 10 ns.
#pragma once

extern "C" void simt_switch(void** saved_stack, void* next_stack);

// The stack pointer of a fiber that has not run: the first switch to it enters `entry`, which never returns.
void* new_fiber(unsigned char* stack_top, void (*entry)());
