// A static program for the inside of a sandbox.
//   probe NUMBER [ARGUMENT…]   makes one system call and prints its errno, 0 if it worked
//   probe x32 NUMBER           the same with the x32 bit set
//   probe int80                makes a 32-bit call
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

long number_of(const char* text) { return static_cast<long>(std::strtoull(text, nullptr, 0)); }

int report(long result) {
  // Enough for the main thread of a clone(2) or fork: a child just leaves.
  std::printf("%d\n", result < 0 ? errno : 0);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
#ifdef __x86_64__
  if (std::strcmp(argv[1], "int80") == 0) {
    long result = 20;  // getpid of 32-bit programs
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
    return report(result);
  }
  if (std::strcmp(argv[1], "x32") == 0) return report(syscall(0x40000000 | number_of(argv[2])));
#endif
  long arguments[5] = {};
  for (int i = 2; i < argc && i < 7; ++i) arguments[i - 2] = number_of(argv[i]);
  const pid_t self = getpid();
  const long result = syscall(number_of(argv[1]), arguments[0], arguments[1], arguments[2],
                              arguments[3], arguments[4]);
  return getpid() == self ? report(result) : 0;
}
