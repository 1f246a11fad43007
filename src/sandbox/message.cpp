#include "sandbox/message.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "sandbox/describe.hpp"

namespace strata::sandbox {

namespace {

template <class Alternative>
Message decode_as(Decoder& decoder) {
  Alternative value;
  decoder(value);
  return value;
}

/// Room for the control message of the largest packet, aligned as the kernel wants it.
struct alignas(cmsghdr) ControlBuffer {
  char bytes[CMSG_SPACE(packet_fds_max * sizeof(int))];
};

std::vector<Fd> take_fds(msghdr& header) {
  std::vector<Fd> fds;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
      fds.emplace_back(fd);
    }
  }
  return fds;
}

/// The next packet's size, waiting for it; 0 at the end.
std::size_t peek_size(int socket) {
  for (;;) {
    const ssize_t size = recv(socket, nullptr, 0, MSG_PEEK | MSG_TRUNC);
    if (size >= 0) return static_cast<std::size_t>(size);
    if (errno == ECONNRESET) return 0;
    if (errno != EINTR) fail_errno("receive from the sandbox");
  }
}

}  // namespace

void throw_failure(const Failed& failed) {
  Error error(failed.kind, failed.message);
  for (const std::string& note : failed.notes) error.note(note);
  throw error;
}

std::string encode_message(const Message& message) {
  Encoder encoder;
  encoder(message.index());
  std::visit([&encoder](const auto& alternative) { encoder(alternative); }, message);
  return encoder.take();
}

Message decode_message(std::string_view bytes) {
  Decoder decoder(bytes);
  std::size_t index = 0;
  decoder(index);
  switch (index) {
    case 0:
      return decode_as<Ready>(decoder);
    case 1:
      return decode_as<Ended>(decoder);
    case 2:
      return decode_as<Failed>(decoder);
    default:
      fail(ErrorKind::corrupt, "unknown message from the sandbox: ", index);
  }
}

SocketPair make_packet_sockets() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) fail_errno("socketpair");
  return {Fd(ends[0]), Fd(ends[1])};
}

void send_packet(int socket, std::string_view bytes, std::span<const int> fds) {
  iovec text{const_cast<char*>(bytes.data()), bytes.size()};
  msghdr header{};
  header.msg_iov = &text;
  header.msg_iovlen = 1;
  ControlBuffer control{};
  if (!fds.empty()) {
    header.msg_control = control.bytes;
    header.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(fds.size_bytes());
    std::memcpy(CMSG_DATA(rights), fds.data(), fds.size_bytes());
  }
  while (sendmsg(socket, &header, MSG_NOSIGNAL) < 0) {
    if (errno == EPIPE || errno == ECONNRESET) {
      fail(ErrorKind::unreachable, "the sandbox's other end is gone");
    }
    if (errno != EINTR) fail_errno("send to the sandbox");
  }
}

Packet receive_packet(int socket) {
  Packet packet;
  packet.bytes.resize(peek_size(socket));
  if (packet.is_end()) return packet;
  iovec text{packet.bytes.data(), packet.bytes.size()};
  ControlBuffer control{};
  msghdr header{};
  header.msg_iov = &text;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes;
  header.msg_controllen = sizeof control.bytes;
  ssize_t size = 0;
  while ((size = recvmsg(socket, &header, MSG_CMSG_CLOEXEC)) < 0) {
    if (errno != EINTR) fail_errno("receive from the sandbox");
  }
  packet.bytes.resize(static_cast<std::size_t>(size));
  packet.fds = take_fds(header);
  return packet;
}

}  // namespace strata::sandbox
