#pragma once
/// Streams of bytes: a Source gives them, a Sink takes them. Bytes travel as `std::string_view`.
/// Neither is safe to use from two threads at once.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "strata/base/fd.hpp"

namespace strata {

class Source {
 public:
  virtual ~Source() = default;
  /// Puts up to buffer.size() bytes into `buffer` and returns how many; 0 only at the end.
  virtual std::size_t read(std::span<char> buffer) = 0;
  /// A descriptor that stands where the next byte comes from and gives what `read` would: whoever
  /// asks may take bytes there and `read` goes on behind them. -1 if there is none.
  virtual int as_file() { return -1; }
};

class Sink {
 public:
  virtual ~Sink() = default;
  /// Takes all of `bytes` or throws.
  virtual void write(std::string_view bytes) = 0;
  /// A descriptor that bytes may be written to in place of `write`; -1 if there is none.
  virtual int as_file() { return -1; }
};

/// Reads a descriptor from where it stands. The borrowing form does not close it.
class FdSource : public Source {
 public:
  explicit FdSource(int borrowed) : fd_(borrowed) {}
  explicit FdSource(Fd owned) : owned_(std::move(owned)), fd_(owned_.get()) {}
  std::size_t read(std::span<char> buffer) override;
  int as_file() override { return fd_; }

 private:
  Fd owned_;
  int fd_;
};

/// Reads a file from an offset on, whatever the position of its descriptor, which is borrowed.
class PreadSource : public Source {
 public:
  explicit PreadSource(int borrowed, std::uint64_t offset = 0) : fd_(borrowed), offset_(offset) {}
  std::size_t read(std::span<char> buffer) override;

 private:
  int fd_;
  std::uint64_t offset_;
};

class FdSink : public Sink {
 public:
  explicit FdSink(int borrowed) : fd_(borrowed) {}
  void write(std::string_view bytes) override;
  int as_file() override { return fd_; }

 private:
  int fd_;
};

/// Reads text that must outlive the source.
class ViewSource : public Source {
 public:
  explicit ViewSource(std::string_view bytes) : rest_(bytes) {}
  std::size_t read(std::span<char> buffer) override;

 private:
  std::string_view rest_;
};

/// Reads a text of its own.
class StringSource : public Source {
 public:
  explicit StringSource(std::string bytes) : bytes_(std::move(bytes)), view_(bytes_) {}
  StringSource(const StringSource&) = delete;
  StringSource& operator=(const StringSource&) = delete;
  std::size_t read(std::span<char> buffer) override { return view_.read(buffer); }

 private:
  std::string bytes_;
  ViewSource view_;
};

class StringSink : public Sink {
 public:
  void write(std::string_view bytes) override { text_ += bytes; }
  const std::string& text() const { return text_; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

/// Hands every piece to a function.
class CallbackSink : public Sink {
 public:
  explicit CallbackSink(std::function<void(std::string_view)> take) : take_(std::move(take)) {}
  void write(std::string_view bytes) override { take_(bytes); }

 private:
  std::function<void(std::string_view)> take_;
};

/// At most `limit` bytes of another source, which must outlive this one.
class LimitedSource : public Source {
 public:
  LimitedSource(Source& inner, std::uint64_t limit) : inner_(inner), left_(limit) {}
  std::size_t read(std::span<char> buffer) override;

 private:
  Source& inner_;
  std::uint64_t left_;
};

/// Fills `buffer` as far as the source goes; less than its size only at the end.
std::size_t read_full(Source& from, std::span<char> buffer);

/// Copies up to `size_max` bytes without looking at them, if both are files and the kernel can, and
/// returns how many. What is left is for `read` and `write`, the end and all errors too.
std::uint64_t copy_in_kernel(Source& from, Sink& to, std::uint64_t size_max);

/// Moves everything across, inside the kernel where it can, and returns the number of bytes.
std::uint64_t copy_all(Source& from, Sink& to);

/// All of a source that may not give more than `size_max` bytes (Error corrupt names `what`).
std::string read_all(Source& from, std::size_t size_max, std::string_view what);

}  // namespace strata
