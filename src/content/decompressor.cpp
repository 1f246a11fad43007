/// Sources that decode: ISA-L for gzip, libzstd for zstd.

#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>

#include "content/limits.hpp"
#include "strata/base/error.hpp"
#include "strata/content/compression.hpp"

namespace strata {

namespace {

constexpr std::size_t input_size = 128 << 10;
constexpr std::size_t output_size = 256 << 10;

class PlainSource : public Source {
 public:
  explicit PlainSource(Source& in) : in_(in) {}
  std::size_t read(std::span<char> buffer) override { return in_.read(buffer); }

 private:
  Source& in_;
};

/// Decodes large pieces at a time, however small the reads are.
class DecodingSource : public Source {
 public:
  explicit DecodingSource(Source& in) : in_(in), input_(input_size), output_(output_size) {}

  std::size_t read(std::span<char> buffer) override {
    if (buffer.empty()) return 0;
    if (decoded_.empty() && buffer.size() >= output_.size()) return decode(buffer);
    if (decoded_.empty()) decoded_ = {output_.data(), decode(output_)};
    const std::size_t count = std::min(buffer.size(), decoded_.size());
    std::memcpy(buffer.data(), decoded_.data(), count);
    decoded_.remove_prefix(count);
    return count;
  }

 protected:
  /// Fills some of `out`; 0 only at the end.
  virtual std::size_t decode(std::span<char> out) = 0;

  /// The next bytes of the input; empty at its end.
  std::span<char> next_input() { return std::span(input_).first(in_.read(input_)); }

 private:
  Source& in_;
  std::vector<char> input_;
  std::vector<char> output_;
  std::string_view decoded_;
};

class GzipSource : public DecodingSource {
 public:
  explicit GzipSource(Source& in) : DecodingSource(in) {
    isal_inflate_init(&state_);
    state_.next_in = nullptr;
    state_.avail_in = 0;
  }

 protected:
  std::size_t decode(std::span<char> out) override {
    std::size_t size = 0;
    while (size == 0 && (is_in_member_ || begin_member())) size = inflate(out);
    return size;
  }

 private:
  [[noreturn]] static void fail_corrupt(std::string_view why) {
    fail(ErrorKind::corrupt, "the gzip data are malformed: ", why);
  }

  // False at the end of the input.
  bool refill() {
    if (state_.avail_in > 0) return true;
    const std::span<char> input = next_input();
    state_.next_in = reinterpret_cast<unsigned char*>(input.data());
    state_.avail_in = static_cast<std::uint32_t>(input.size());
    return !input.empty();
  }

  // False if there is no further member.
  bool begin_member() {
    if (has_member_) skip_zeros();
    if (!refill()) {
      if (!has_member_) fail_corrupt("there are none");
      return false;
    }
    isal_inflate_reset(&state_);
    state_.crc_flag = ISAL_GZIP;
    has_member_ = is_in_member_ = true;
    return true;
  }

  // Tapes and block devices pad with zeros behind the last member. Anything after them is no gzip.
  void skip_zeros() {
    bool is_padded = false;
    while (refill() && *state_.next_in == 0) {
      ++state_.next_in;
      --state_.avail_in;
      is_padded = true;
    }
    if (is_padded && state_.avail_in > 0) fail_corrupt("something follows the padding at the end");
  }

  // Decodes within one member; 0 if it ended without giving more.
  std::size_t inflate(std::span<char> out) {
    state_.next_out = reinterpret_cast<unsigned char*>(out.data());
    state_.avail_out = static_cast<std::uint32_t>(out.size());
    while (state_.avail_out > 0 && is_in_member_) {
      const bool has_input = refill();
      const std::uint32_t room = state_.avail_out;
      const std::uint32_t input = state_.avail_in;
      if (const int result = isal_inflate(&state_); result < 0) fail_corrupt(describe(result));
      is_in_member_ = state_.block_state != ISAL_BLOCK_FINISH;
      const bool has_moved = state_.avail_out != room || state_.avail_in != input;
      if (is_in_member_ && !has_moved)
        fail_corrupt(has_input ? "the decoder makes no progress" : "they end too early");
    }
    return out.size() - state_.avail_out;
  }

  static std::string_view describe(int result) {
    switch (result) {
      case ISAL_INVALID_WRAPPER:
        return "a member has no gzip header";
      case ISAL_UNSUPPORTED_METHOD:
        return "a member is compressed by another method than deflate";
      case ISAL_INVALID_LOOKBACK:
        return "a match begins before the data";
      case ISAL_INCORRECT_CHECKSUM:
        return "the checksum or the length at the end does not match";
      default:
        return "there is a code that has no meaning";
    }
  }

  inflate_state state_;
  bool has_member_ = false;
  bool is_in_member_ = false;
};

class ZstdSource : public DecodingSource {
 public:
  explicit ZstdSource(Source& in) : DecodingSource(in), context_(ZSTD_createDCtx()) {
    if (!context_) fail(ErrorKind::system, "zstd cannot start");
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, zstd_window_log_max);
  }

 protected:
  std::size_t decode(std::span<char> out) override {
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    while (output.pos == 0) {
      if (input_.pos == input_.size && !is_flushing_ && !refill()) break;
      // Less than all of a decoded block may have fitted: then it goes on without input.
      pending_ = ZSTD_decompressStream(context_.get(), &output, &input_);
      if (ZSTD_isError(pending_) != 0)
        fail(ErrorKind::corrupt, "the zstd data are malformed: ", ZSTD_getErrorName(pending_));
      is_flushing_ = output.pos == output.size && pending_ != 0;
    }
    return output.pos;
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  // False at the end of the input, which must be the end of a frame.
  bool refill() {
    const std::span<char> input = next_input();
    input_ = {input.data(), input.size(), 0};
    if (input.empty() && (pending_ != 0 || !has_input_))
      fail(ErrorKind::corrupt, "the zstd data are malformed: they end too early");
    has_input_ = has_input_ || !input.empty();
    return !input.empty();
  }

  std::unique_ptr<ZSTD_DCtx, Free> context_;
  ZSTD_inBuffer input_{nullptr, 0, 0};
  std::size_t pending_ = 0;  ///< 0 between frames
  bool is_flushing_ = false;
  bool has_input_ = false;
};

}  // namespace

std::unique_ptr<Source> make_decompressor(Source& in, Codec codec) {
  switch (codec) {
    case Codec::none:
      return std::make_unique<PlainSource>(in);
    case Codec::gzip:
      return std::make_unique<GzipSource>(in);
    case Codec::zstd:
      return std::make_unique<ZstdSource>(in);
  }
  fail(ErrorKind::system, "there is no such codec");
}

}  // namespace strata
