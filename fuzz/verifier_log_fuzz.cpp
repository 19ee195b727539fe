// A file of the write-ahead log whose checksums are mended, so that what is in the frames is reached: nothing crashes, and the runs that are read
// follow one another. The first byte says whether it is the last file; the frames begin behind a sound header.
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "require.hpp"
#include "verifier/bytes.hpp"
#include "verifier/crc32c.hpp"
#include "verifier/log_file.hpp"

using namespace opsteward::verifier;

namespace {

void Put(std::string& bytes, std::size_t at, std::uint32_t number) {
    for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(number >> (8 * i));
}

/// Frames whose checksum ends in a zero byte are left as they are.
void MendChecksums(std::string& file) {
    constexpr std::size_t kHeader = 20;
    for (std::size_t at = 24; at + kHeader <= file.size();) {
        const std::size_t length = Number<std::uint32_t>(file, at);
        if (length > file.size() - at - kHeader) return;
        const std::string_view frame = std::string_view(file).substr(at, kHeader + length);
        if (file[at + 19] != 0) Put(file, at + 16, Crc32c(frame.substr(kHeader), Crc32c(frame.substr(0, 16), 0)));
        at += kHeader + length;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size == 0) return 0;
    std::string bytes("OPSWAL1\n\x07\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24);
    Put(bytes, 20, Crc32c(std::string_view(bytes).substr(0, 20)));
    bytes.append(reinterpret_cast<const char*>(data) + 1, size - 1);
    MendChecksums(bytes);
    const int descriptor = ::memfd_create("log", 0);
    Require(descriptor >= 0 && ::write(descriptor, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    const LogFile log = ReadLogFile(File(descriptor, "log"), 7, (data[0] & 1) != 0);
    std::uint64_t end = 7;
    for (const LogRun& run : log.runs) {
        Require(run.first >= end && !run.leaves.empty());
        end = run.end();
    }
    Require(end <= log.end && log.end <= 7 + bytes.size() * bytes.size());
    Require(!log.torn || (data[0] & 1) != 0);
    return 0;
}
