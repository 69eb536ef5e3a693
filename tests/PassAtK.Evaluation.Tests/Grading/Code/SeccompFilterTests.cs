using System.Buffers.Binary;
using System.Text.RegularExpressions;
using PassAtK.Evaluation.Grading.Code;

namespace PassAtK.Evaluation.Tests.Grading.Code;

/// <summary>The filter for each processor, run by an interpreter of its own on the system calls that the kernel's headers list.</summary>
public sealed partial class SeccompFilterTests
{
    private const uint Allow = 0x7FFF0000;
    private const uint NotPermitted = 0x00050001;
    private const uint NoSuchCall = 0x00050026;
    private const uint KillProcess = 0x80000000;

    private const string Denied = """
        fork vfork socket sendmsg sendmmsg recvmsg recvmmsg ptrace process_vm_readv process_vm_writev mount umount2 pivot_root chroot
        unshare setns perf_event_open bpf userfaultfd add_key request_key keyctl shmget semget msgget mq_open memfd_create memfd_secret
        name_to_handle_at open_by_handle_at kexec_load kexec_file_load init_module finit_module delete_module splice tee vmsplice
        personality modify_ldt syslog kcmp fanotify_init setpriority sched_setparam sched_setscheduler sched_setaffinity sched_setattr ioprio_set
        io_uring_setup io_uring_enter io_uring_register open_tree move_mount fsopen fsconfig fsmount fspick pidfd_getfd mount_setattr
        """;

    private static readonly char[] Spaces = [' ', '\n'];

    [Theory]
    [InlineData("x86_64-linux-gnu/asm/unistd_64.h", false)]
    [InlineData("asm-generic/unistd.h", true)]
    public void Exactly_the_calls_that_no_program_needs_are_refused(string header, bool isArm)
    {
        var path = Path.Combine("/usr/include", header);
        Assert.SkipUnless(File.Exists(path), $"{path} is not there (package linux-libc-dev)");
        var calls = isArm ? CallNumbers.Arm64 : CallNumbers.X64;
        var denied = Denied.Split(Spaces, StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        (uint Number, string Name)[] defined =
        [
            .. CallDefinition().Matches(File.ReadAllText(path))
                .Select(match => (uint.Parse(match.Groups[2].Value), match.Groups[1].Value)),
        ];
        var filter = SeccompFilter.Build(calls);

        Assert.InRange(defined.Length, 250, 1000);
        foreach (var (number, name) in defined)
        {
            var expected = name == "clone3" ? NoSuchCall : denied.Contains(name) || name == "clone" ? NotPermitted : Allow;
            Assert.True(expected == Run(filter, number, calls.Audit), name);
        }
    }

    [Fact]
    public void Arguments_decide_about_threads_and_the_signal_of_a_parents_death()
    {
        const uint ThreadOfGlibc = 0x003D0F00;
        foreach (var calls in (CallNumbers[])[CallNumbers.X64, CallNumbers.Arm64])
        {
            var filter = SeccompFilter.Build(calls);

            Assert.Equal(Allow, Run(filter, calls.MakeThread, calls.Audit, ThreadOfGlibc));
            Assert.Equal(NotPermitted, Run(filter, calls.MakeThread, calls.Audit, 17));
            Assert.Equal(NotPermitted, Run(filter, calls.MakeThread, calls.Audit, 0x10000000 | 17));
            Assert.Equal(NotPermitted, Run(filter, calls.Prctl, calls.Audit, 1));
            Assert.Equal(Allow, Run(filter, calls.Prctl, calls.Audit, 15));
        }
    }

    [Fact]
    public void Calls_by_another_convention_are_refused_whatever_their_number()
    {
        var x64 = SeccompFilter.Build(CallNumbers.X64);

        foreach (var number in (uint[])[0, 39, 41, 56, 157, 600])
        {
            Assert.Equal(NotPermitted, Run(x64, 0x40000000 + number, CallNumbers.X64.Audit));
            Assert.Equal(KillProcess, Run(x64, number, 0x40000003)); // i386
            Assert.Equal(KillProcess, Run(SeccompFilter.Build(CallNumbers.Arm64), number, 0x40000028)); // 32-bit Arm
        }
    }

    /// <summary>
    /// The instructions of linux/bpf_common.h that a filter of linux/filter.h may consist of here; any other fails the test.
    /// </summary>
    private static uint Run(byte[] filter, uint number, uint architecture, uint firstArgument = 0)
    {
        Assert.Equal(0, filter.Length % 8);
        Assert.InRange(filter.Length / 8, 1, 4096);
        uint[] data = [number, architecture, 0xDEADBEEF, 0x7FFF0000, firstArgument, 0];
        var accumulator = 0u;
        for (var at = 0; ; at++)
        {
            var instruction = filter.AsSpan(8 * at, 8);
            var operand = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            bool? holds = null;
            switch (BinaryPrimitives.ReadUInt16LittleEndian(instruction))
            {
                case 0x20: // BPF_LD | BPF_W | BPF_ABS
                    Assert.Equal(0u, operand % 4);
                    accumulator = data[operand / 4];
                    break;
                case 0x15: // BPF_JMP | BPF_JEQ | BPF_K
                    holds = accumulator == operand;
                    break;
                case 0x35: // BPF_JMP | BPF_JGE | BPF_K
                    holds = accumulator >= operand;
                    break;
                case 0x45: // BPF_JMP | BPF_JSET | BPF_K
                    holds = (accumulator & operand) != 0;
                    break;
                case 0x06: // BPF_RET | BPF_K
                    return operand;
                default:
                    Assert.Fail("an instruction of another kind");
                    break;
            }
            if (holds is { } jump)
                at += instruction[jump ? 2 : 3];
        }
    }

    [GeneratedRegex(@"^#define __NR_(\w+)\s+(\d+)\s*$", RegexOptions.Multiline)]
    private static partial Regex CallDefinition();
}
