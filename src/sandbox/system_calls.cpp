#include "sandbox/system_calls.hpp"

#include <array>
#include <string_view>

#include "strata/base/text.hpp"

namespace strata::sandbox {

namespace {

// Docker's default profile (moby/profiles, 2026) as it comes out for amd64 with Docker's
// capabilities. Names that exist only for 32-bit programs are left out: those are not admitted.
constexpr std::string_view allowed =
    "accept accept4 access adjtimex alarm arch_prctl bind brk cachestat capget capset chdir "
    "chmod chown chroot clock_adjtime clock_getres clock_gettime clock_nanosleep close "
    "close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 "
    "epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd "
    "eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 fallocate "
    "fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr "
    "flistxattr flock fork fremovexattr fsetxattr fstat fstatfs fsync ftruncate futex "
    "futex_requeue futex_wait futex_waitv futex_wake futimesat get_robust_list get_thread_area "
    "getcpu getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer getpeername "
    "getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit "
    "getrusage getsid getsockname getsockopt gettid gettimeofday getuid getxattr "
    "inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy "
    "io_getevents io_pgetevents io_setup io_submit ioctl ioprio_get ioprio_set kill "
    "landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lgetxattr link "
    "linkat listen listxattr llistxattr lremovexattr lseek lsetxattr lstat madvise "
    "map_shadow_stack membarrier memfd_create memfd_secret mincore mkdir mkdirat mknod mknodat "
    "mlock mlock2 mlockall mmap modify_ldt mprotect mq_getsetattr mq_notify mq_open "
    "mq_timedreceive mq_timedsend mq_unlink mremap msgctl msgget msgrcv msgsnd msync munlock "
    "munlockall munmap name_to_handle_at nanosleep newfstatat open openat openat2 pause "
    "pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll "
    "prctl pread64 preadv preadv2 prlimit64 process_mrelease process_vm_readv process_vm_writev "
    "pselect6 ptrace pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv "
    "recvfrom recvmmsg recvmsg remap_file_pages removexattr rename renameat renameat2 "
    "restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo "
    "rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max "
    "sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler "
    "sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler "
    "sched_yield seccomp select semctl semget semop semtimedop sendfile sendmmsg sendmsg sendto "
    "set_robust_list set_thread_area set_tid_address setfsgid setfsuid setgid setgroups "
    "setitimer setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid "
    "setsockopt setuid setxattr shmat shmctl shmdt shmget shutdown sigaltstack signalfd "
    "signalfd4 socketpair splice stat statfs statx symlink symlinkat sync sync_file_range "
    "syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun timer_gettime "
    "timer_settime timerfd_create timerfd_gettime timerfd_settime times tkill truncate umask "
    "uname unlink unlinkat utime utimensat utimes vfork vmsplice wait4 waitid write writev";

// libseccomp 2.5.4 does not know these names. The numbers are the same on every architecture that
// has them.
constexpr std::array<NumberedCall, 7> allowed_by_number = {{
    {"statmount", 457},
    {"listmount", 458},
    {"mseal", 462},
    {"setxattrat", 463},
    {"getxattrat", 464},
    {"listxattrat", 465},
    {"removexattrat", 466},
}};

// What Docker denies with EPERM: programs expect that answer, where ENOSYS would be taken for an
// old kernel. Everything in no table gets ENOSYS, so that newer libraries fall back.
constexpr std::string_view denied =
    "acct add_key bpf clock_settime delete_module fanotify_init finit_module fsconfig fsmount "
    "fsopen fspick get_mempolicy init_module io_uring_enter io_uring_register io_uring_setup "
    "ioperm iopl kcmp kexec_file_load kexec_load keyctl lookup_dcookie mbind migrate_pages "
    "mount mount_setattr move_mount move_pages open_by_handle_at open_tree perf_event_open "
    "pidfd_getfd pivot_root process_madvise quotactl quotactl_fd reboot request_key "
    "set_mempolicy set_mempolicy_home_node setdomainname sethostname setns settimeofday swapoff "
    "swapon syslog umount2 unshare uselib userfaultfd ustat vhangup _sysctl afs_syscall "
    "create_module get_kernel_syms getpmsg nfsservctl putpmsg query_module security sysfs "
    "tuxcall vserver";

// Families whose kernel code was the way out of containers more than once.
constexpr std::array<std::uint32_t, 2> families_denied = {38 /* AF_ALG */, 40 /* AF_VSOCK */};

// PER_LINUX, PER_LINUX32, either with UNAME26 (0x20000), and the question "which am I?".
constexpr std::array<std::uint32_t, 5> personalities = {0, 8, 0x20000, 0x20008, 0xffffffff};

}  // namespace

std::vector<std::string> allowed_calls() { return split(allowed, ' '); }
std::span<const NumberedCall> allowed_numbers() { return allowed_by_number; }
std::vector<std::string> denied_calls() { return split(denied, ' '); }
std::span<const std::uint32_t> denied_socket_families() { return families_denied; }
std::span<const std::uint32_t> allowed_personalities() { return personalities; }

}  // namespace strata::sandbox
