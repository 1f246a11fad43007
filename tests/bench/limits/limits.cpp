/// What a machine can do at best at the work that builds are made of: the plainest program that
/// uses the same libraries on all cores and knows nothing of Strata's code. Each command prints
/// seconds.
///
///   limits pack DIR|FILE OUT   read all, hash it, compress it, hash that, write one file
///   limits walk DIR            ask statx(2) for everything below
///   limits copy FILE… OUT      write the files one behind the other with copy_file_range(2)
///
/// An error ends the program: a measurement that went wrong is none.

#include <dirent.h>
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t piece_size = 1 << 20;
constexpr std::size_t tar_block = 512;
constexpr std::size_t piece_reserve = 4 << 10;  // what deflate adds to incompressible bytes

void check(bool is_well, const std::string& what) {
  if (is_well) return;
  std::perror(what.c_str());
  std::exit(1);
}

class File {
 public:
  explicit File(int descriptor, const std::string& what) : descriptor_(descriptor) {
    check(descriptor >= 0, what);
  }
  ~File() { close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

File open_to_read(const std::string& path) {
  return File(open(path.c_str(), O_RDONLY | O_CLOEXEC), path);
}

File open_to_write(const std::string& path) {
  return File(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), path);
}

class Hash {
 public:
  Hash() : context_(EVP_MD_CTX_new()) { begin(); }
  ~Hash() { EVP_MD_CTX_free(context_); }
  Hash(const Hash&) = delete;
  Hash& operator=(const Hash&) = delete;

  void begin() { EVP_DigestInit_ex(context_, sha256_, nullptr); }
  void add(const char* bytes, std::size_t size) { EVP_DigestUpdate(context_, bytes, size); }
  void end() { EVP_DigestFinal_ex(context_, digest_, nullptr); }

 private:
  // Fetched once: OpenSSL 3 looks algorithms up by name, which costs more than a small file.
  inline static EVP_MD* const sha256_ = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* context_;
  unsigned char digest_[EVP_MAX_MD_SIZE];
};

template <class Function>
void on_all_cores(Function function) {
  std::vector<std::thread> threads;
  for (unsigned n = 1; n < std::thread::hardware_concurrency(); ++n) threads.emplace_back(function);
  function();
  for (auto& thread : threads) thread.join();
}

struct Found {
  std::string path;
  std::size_t size;
};

/// Directories that are to be read, by whichever thread comes first.
class Walk {
 public:
  explicit Walk(const std::string& directory) : waiting_{directory} {
    on_all_cores([this] { work(); });
  }

  std::vector<Found> files;

 private:
  void work() {
    std::vector<Found> found;
    std::vector<std::string> below;
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return !waiting_.empty() || busy_ == 0; });
      if (waiting_.empty()) break;
      const std::string directory = std::move(waiting_.back());
      waiting_.pop_back();
      ++busy_;
      lock.unlock();
      read(directory, found, below);
      lock.lock();
      --busy_;
      std::move(below.begin(), below.end(), std::back_inserter(waiting_));
      below.clear();
      if (!waiting_.empty() || busy_ == 0) changed_.notify_all();
    }
    std::move(found.begin(), found.end(), std::back_inserter(files));
  }

  static void read(const std::string& path, std::vector<Found>& found,
                   std::vector<std::string>& below) {
    DIR* directory = opendir(path.c_str());
    check(directory != nullptr, path);
    while (const dirent* entry = readdir(directory)) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      struct statx facts {};
      check(statx(dirfd(directory), entry->d_name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS,
                  &facts) == 0,
            name);
      if (S_ISDIR(facts.stx_mode)) below.push_back(path + '/' + name);
      if (S_ISREG(facts.stx_mode)) found.push_back({path + '/' + name, facts.stx_size});
    }
    closedir(directory);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> waiting_;
  int busy_ = 0;
};

/// What one thread reads and compresses at once: whole files of a tree, or a part of one file.
struct Piece {
  std::vector<Found> files;
  std::size_t offset = 0;
  std::size_t size = 0;
};

std::vector<Piece> pieces_of_tree(const std::string& directory) {
  std::vector<Found> files = Walk(directory).files;
  std::sort(files.begin(), files.end(),
            [](const Found& a, const Found& b) { return a.path < b.path; });
  std::vector<Piece> pieces;
  for (auto& file : files) {
    if (pieces.empty() || pieces.back().size >= piece_size) pieces.emplace_back();
    pieces.back().size += tar_block + (file.size + tar_block - 1) / tar_block * tar_block;
    pieces.back().files.push_back(std::move(file));
  }
  return pieces;
}

std::vector<Piece> pieces_of_file(std::size_t size) {
  std::vector<Piece> pieces;
  for (std::size_t offset = 0; offset < size; offset += piece_size)
    pieces.push_back({{}, offset, std::min(piece_size, size - offset)});
  return pieces;
}

void read_exactly(const File& file, char* to, std::size_t size, std::size_t offset) {
  while (size != 0) {
    const ssize_t count = pread(file.get(), to, size, static_cast<off_t>(offset));
    check(count > 0, "read");
    to += count;
    offset += count;
    size -= count;
  }
}

/// The piece as a tar has it, but for what its headers say; each file hashed.
void read_files(const Piece& piece, Hash& hash, std::vector<char>& bytes) {
  bytes.assign(piece.size, '\0');
  char* to = bytes.data();
  for (const auto& file : piece.files) {
    to = std::copy_n(file.path.data(), std::min(file.path.size(), tar_block), to);
    to = bytes.data() + (to - bytes.data() + tar_block - 1) / tar_block * tar_block;
    read_exactly(open_to_read(file.path), to, file.size, 0);
    hash.begin();
    hash.add(to, file.size);
    hash.end();
    to += (file.size + tar_block - 1) / tar_block * tar_block;
  }
}

class Encoder {
 public:
  Encoder() : level_buffer_(ISAL_DEF_LVL1_DEFAULT) {}

  std::vector<char> encode(const std::vector<char>& bytes) {
    std::vector<char> encoded(bytes.size() + piece_reserve);
    isal_deflate_init(&stream_);
    stream_.level = 1;
    stream_.level_buf = level_buffer_.data();
    stream_.level_buf_size = static_cast<std::uint32_t>(level_buffer_.size());
    stream_.flush = FULL_FLUSH;
    stream_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<std::uint32_t>(bytes.size());
    stream_.next_out = reinterpret_cast<std::uint8_t*>(encoded.data());
    stream_.avail_out = static_cast<std::uint32_t>(encoded.size());
    check(isal_deflate(&stream_) == COMP_OK && stream_.avail_in == 0, "deflate");
    encoded.resize(encoded.size() - stream_.avail_out);
    return encoded;
  }

 private:
  std::vector<std::uint8_t> level_buffer_;
  isal_zstream stream_;
};

/// Takes what threads made, hashes it in order and writes it. Whoever brings the next piece does
/// the work for all that wait behind it; nobody else waits.
class Output {
 public:
  struct Made {
    std::vector<char> plain;  // of a part of one file, to be hashed in order too
    std::vector<char> encoded;
  };

  explicit Output(const std::string& path) : file_(open_to_write(path)) {}

  void put(std::size_t number, Made made) {
    std::unique_lock lock(mutex_);
    made_.emplace(number, std::move(made));
    if (is_writing_) return;
    is_writing_ = true;
    for (auto first = made_.begin(); first != made_.end() && first->first == next_;
         first = made_.begin(), ++next_) {
      const Made taken = std::move(first->second);
      made_.erase(first);
      lock.unlock();
      write(taken);
      lock.lock();
    }
    is_writing_ = false;
  }

 private:
  void write(const Made& made) {
    plain_.add(made.plain.data(), made.plain.size());
    encoded_.add(made.encoded.data(), made.encoded.size());
    const auto size = static_cast<ssize_t>(made.encoded.size());
    check(::write(file_.get(), made.encoded.data(), made.encoded.size()) == size, "write");
  }

  std::mutex mutex_;
  std::map<std::size_t, Made> made_;
  std::size_t next_ = 0;
  bool is_writing_ = false;
  File file_;
  Hash plain_;
  Hash encoded_;
};

void pack(const std::string& from, const std::string& to) {
  struct stat facts {};
  check(stat(from.c_str(), &facts) == 0, from);
  const bool is_tree = S_ISDIR(facts.st_mode);
  const auto pieces = is_tree ? pieces_of_tree(from) : pieces_of_file(facts.st_size);
  const File file = open_to_read(from);
  Output output(to);
  std::atomic<std::size_t> next = 0;
  on_all_cores([&] {
    Hash hash;
    Encoder encoder;
    std::vector<char> bytes;
    for (std::size_t n = next++; n < pieces.size(); n = next++) {
      if (is_tree) {
        read_files(pieces[n], hash, bytes);
      } else {
        bytes.resize(pieces[n].size);
        read_exactly(file, bytes.data(), bytes.size(), pieces[n].offset);
      }
      auto encoded = encoder.encode(bytes);
      output.put(n, {is_tree ? std::vector<char>() : std::move(bytes), std::move(encoded)});
    }
  });
}

void copy(const std::vector<std::string>& from, const std::string& to) {
  const File out = open_to_write(to);
  for (const auto& path : from) {
    const File in = open_to_read(path);
    ssize_t count = 0;
    while ((count = copy_file_range(in.get(), nullptr, out.get(), nullptr, SSIZE_MAX / 2, 0)) > 0) {
    }
    check(count == 0, path);
  }
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> arguments(words + 1, words + count);
  const auto started = std::chrono::steady_clock::now();
  if (arguments.size() == 3 && arguments[0] == "pack") {
    pack(arguments[1], arguments[2]);
  } else if (arguments.size() == 2 && arguments[0] == "walk") {
    Walk walk(arguments[1]);
  } else if (arguments.size() >= 3 && arguments[0] == "copy") {
    copy({arguments.begin() + 1, arguments.end() - 1}, arguments.back());
  } else {
    std::fprintf(stderr, "usage: limits pack DIR|FILE OUT | walk DIR | copy FILE... OUT\n");
    return 2;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  std::printf("%.6f\n", took.count());
}
