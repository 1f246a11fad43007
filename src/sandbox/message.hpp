#pragma once
/// What the sandbox says to the engine. Each start has a channel of its own, a pair of SEQPACKET
/// sockets: one message is one packet. The channel is also the life line: when the engine's end
/// closes, however that came about, pid 1 of the sandbox ends and everything in it.

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "strata/base/error.hpp"
#include "strata/base/fd.hpp"

namespace strata::sandbox {

/// The set-up is done and the main process is about to start. Comes with a pidfd of pid 1 and,
/// with a tty, the terminal's controlling end.
struct Ready {
  std::vector<std::string> stubs;
};

/// The main process ended; as waitpid(2) tells it.
struct Ended {
  int wait_status = 0;
  std::uint64_t memory_peak = 0;  ///< bytes, of the largest of its processes
};

/// A step of the set-up failed. Nothing follows.
struct Failed {
  ErrorKind kind = ErrorKind::system;
  std::string message;
  std::vector<std::string> notes;
};

/// Throws the Error that was sent.
[[noreturn]] void throw_failure(const Failed& failed);

using Message = std::variant<Ready, Ended, Failed>;

std::string encode_message(const Message& message);
/// Throws Error corrupt.
Message decode_message(std::string_view bytes);

/// A packet and the descriptors that came with it.
struct Packet {
  std::string bytes;
  std::vector<Fd> fds;

  /// Nothing more comes: the other end is closed. (No packet is sent empty.)
  bool is_end() const { return bytes.empty(); }
};

/// The kernel's limit for one packet (SCM_MAX_FD).
inline constexpr std::size_t packet_fds_max = 253;

struct SocketPair {
  Fd first;
  Fd second;
};
/// Two connected SEQPACKET sockets, close-on-exec.
SocketPair make_packet_sockets();

/// Sends one packet; the descriptors stay the caller's. Throws Error unreachable if the other end
/// is closed.
void send_packet(int socket, std::string_view bytes, std::span<const int> fds = {});

/// Waits for a packet. Received descriptors are close-on-exec.
Packet receive_packet(int socket);

}  // namespace strata::sandbox
