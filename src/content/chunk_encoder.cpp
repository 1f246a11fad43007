#include "content/chunk_encoder.hpp"

#include <isa-l/igzip_lib.h>
#include <zlib.h>
#include <zstd.h>

#include "strata/base/error.hpp"

namespace strata {

namespace {

// Deflate makes incompressible bytes longer by five per stored block of at most 64 KiB.
constexpr std::size_t deflate_reserve = 4 << 10;

/// The bytes of a chunk for C interfaces that forget to say const.
unsigned char* unsigned_bytes(std::string_view chunk) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(chunk.data()));
}

/// gzip levels 1 and 2. A full flush ends the run at a byte with an empty stored block.
class IsalEncoder : public ChunkEncoder {
 public:
  explicit IsalEncoder(int level)
      : level_(level), level_buffer_(level == 1 ? ISAL_DEF_LVL1_DEFAULT : ISAL_DEF_LVL2_DEFAULT) {}

  std::size_t encode(std::string_view chunk, std::vector<char>& out) override {
    out.resize(std::max(out.size(), chunk.size() + deflate_reserve));
    begin(chunk);
    std::size_t size = 0;
    do {
      if (size == out.size()) out.resize(2 * out.size());
      stream_.next_out = reinterpret_cast<unsigned char*>(out.data() + size);
      stream_.avail_out = static_cast<std::uint32_t>(out.size() - size);
      if (isal_deflate(&stream_) != COMP_OK) fail(ErrorKind::system, "ISA-L cannot compress");
      size = out.size() - stream_.avail_out;
    } while (stream_.avail_out == 0);
    return size;
  }

 private:
  void begin(std::string_view chunk) {
    isal_deflate_init(&stream_);
    stream_.level = static_cast<std::uint32_t>(level_);
    stream_.level_buf = level_buffer_.data();
    stream_.level_buf_size = static_cast<std::uint32_t>(level_buffer_.size());
    stream_.flush = FULL_FLUSH;
    stream_.end_of_stream = 0;
    stream_.next_in = unsigned_bytes(chunk);
    stream_.avail_in = static_cast<std::uint32_t>(chunk.size());
  }

  int level_;
  std::vector<unsigned char> level_buffer_;
  isal_zstream stream_;
};

/// gzip levels 4 to 9.
class ZlibEncoder : public ChunkEncoder {
 public:
  explicit ZlibEncoder(int level) {
    constexpr int raw_window_bits = -15;
    constexpr int memory_level = 8;
    if (deflateInit2(&stream_, level, Z_DEFLATED, raw_window_bits, memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK)
      fail(ErrorKind::system, "zlib cannot start");
  }
  ~ZlibEncoder() override { deflateEnd(&stream_); }
  ZlibEncoder(const ZlibEncoder&) = delete;
  ZlibEncoder& operator=(const ZlibEncoder&) = delete;

  std::size_t encode(std::string_view chunk, std::vector<char>& out) override {
    deflateReset(&stream_);
    out.resize(std::max(out.size(), chunk.size() + deflate_reserve));
    stream_.next_in = unsigned_bytes(chunk);
    stream_.avail_in = static_cast<unsigned>(chunk.size());
    std::size_t size = 0;
    do {
      if (size == out.size()) out.resize(2 * out.size());
      stream_.next_out = reinterpret_cast<unsigned char*>(out.data() + size);
      stream_.avail_out = static_cast<unsigned>(out.size() - size);
      if (deflate(&stream_, Z_FULL_FLUSH) == Z_STREAM_ERROR)
        fail(ErrorKind::system, "zlib cannot compress");
      size = out.size() - stream_.avail_out;
    } while (stream_.avail_out == 0);
    return size;
  }

 private:
  z_stream stream_{};
};

/// zstd: a frame per chunk, with its size and a checksum, so that a damaged chunk is noticed even
/// where it is read alone.
class ZstdEncoder : public ChunkEncoder {
 public:
  explicit ZstdEncoder(int level) : context_(ZSTD_createCCtx()) {
    if (!context_) fail(ErrorKind::system, "zstd cannot start");
    set(ZSTD_c_compressionLevel, level);
    set(ZSTD_c_checksumFlag, 1);
  }

  std::size_t encode(std::string_view chunk, std::vector<char>& out) override {
    out.resize(std::max(out.size(), ZSTD_compressBound(chunk.size())));
    const std::size_t size =
        ZSTD_compress2(context_.get(), out.data(), out.size(), chunk.data(), chunk.size());
    check(size);
    return size;
  }

 private:
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };

  static void check(std::size_t result) {
    if (ZSTD_isError(result) != 0)
      fail(ErrorKind::system, "zstd cannot compress: ", ZSTD_getErrorName(result));
  }
  void set(ZSTD_cParameter parameter, int value) {
    check(ZSTD_CCtx_setParameter(context_.get(), parameter, value));
  }

  std::unique_ptr<ZSTD_CCtx, Free> context_;
};

}  // namespace

std::unique_ptr<ChunkEncoder> make_chunk_encoder(const Compression& compression) {
  if (compression.codec == Codec::zstd) return std::make_unique<ZstdEncoder>(compression.level);
  if (compression.level <= 2) return std::make_unique<IsalEncoder>(compression.level);
  return std::make_unique<ZlibEncoder>(compression.level);
}

}  // namespace strata
