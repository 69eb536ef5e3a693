namespace PassAtK.Evaluation.Grading.Code;

/// <summary>
/// Numbers of Linux system calls on one kind of processor: from the kernel's tables arch/x86/entry/syscalls/syscall_64.tbl and
/// include/uapi/asm-generic/unistd.h. Calls of 424 and more have one number everywhere.
/// </summary>
/// <param name="Audit">AUDIT_ARCH of linux/audit.h.</param>
/// <param name="FirstForeign">From here on the numbers are those of another calling convention.</param>
/// <param name="MakeThread">clone, which makes processes too.</param>
/// <param name="Prctl">prctl.</param>
/// <param name="Denied">Never allowed.</param>
internal sealed record CallNumbers(uint Audit, uint? FirstForeign, uint MakeThread, uint Prctl, uint[] Denied)
{
    public const uint Clone3 = 435;

    // io_uring (3), open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, pidfd_getfd, mount_setattr, memfd_secret.
    private static readonly uint[] Common = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 447];

    public static CallNumbers X64 { get; } = new(
        0xC000003E, 0x40000000, MakeThread: 56, Prctl: 157,
        [
            .. Common,
            57, 58, // fork, vfork
            41, 46, 307, 47, 299, // socket, sendmsg, sendmmsg, recvmsg, recvmmsg
            101, 310, 311, // ptrace, process_vm_readv, process_vm_writev
            165, 166, 155, 161, 272, 308, // mount, umount2, pivot_root, chroot, unshare, setns
            298, 321, 323, // perf_event_open, bpf, userfaultfd
            248, 249, 250, // add_key, request_key, keyctl
            29, 64, 68, 240, 319, // shmget, semget, msgget, mq_open, memfd_create
            303, 304, // name_to_handle_at, open_by_handle_at
            246, 320, 175, 313, 176, // kexec_load, kexec_file_load, init_module, finit_module, delete_module
            275, 276, 278, // splice, tee, vmsplice
            135, 154, 103, 312, 300, // personality, modify_ldt, syslog, kcmp, fanotify_init
            141, 142, 144, 203, 314, 251, // setpriority, sched_setparam, sched_setscheduler, sched_setaffinity, sched_setattr, ioprio_set
        ]);

    public static CallNumbers Arm64 { get; } = new(
        0xC00000B7, null, MakeThread: 220, Prctl: 167,
        [
            .. Common,
            198, 211, 269, 212, 243, // socket, sendmsg, sendmmsg, recvmsg, recvmmsg
            117, 270, 271, // ptrace, process_vm_readv, process_vm_writev
            40, 39, 41, 51, 97, 268, // mount, umount2, pivot_root, chroot, unshare, setns
            241, 280, 282, // perf_event_open, bpf, userfaultfd
            217, 218, 219, // add_key, request_key, keyctl
            194, 190, 186, 180, 279, // shmget, semget, msgget, mq_open, memfd_create
            264, 265, // name_to_handle_at, open_by_handle_at
            104, 294, 105, 273, 106, // kexec_load, kexec_file_load, init_module, finit_module, delete_module
            76, 77, 75, // splice, tee, vmsplice
            92, 116, 272, 262, // personality, syslog, kcmp, fanotify_init
            140, 118, 119, 122, 274, 30, // setpriority, sched_setparam, sched_setscheduler, sched_setaffinity, sched_setattr, ioprio_set
        ]);
}
