#include "features/logs/text_encoding.hpp"

#include <iconv.h>

#include <array>
#include <cerrno>

#include "base/text.hpp"

namespace opsteward::logs {
namespace {

class Big5Converter {
  public:
    Big5Converter() : handle_(iconv_open("UTF-8", "CP950")) {}
    ~Big5Converter() {
        if (is_open()) iconv_close(handle_);
    }
    Big5Converter(const Big5Converter&) = delete;
    Big5Converter& operator=(const Big5Converter&) = delete;

    std::string Convert(std::string_view bytes) {
        std::string text;
        text.reserve(bytes.size() + bytes.size() / 2);
        while (!bytes.empty()) {
            if (!is_open() || !ConvertSome(bytes, text)) {
                text += is_open() || static_cast<unsigned char>(bytes[0]) > 0x7F ? "\xEF\xBF\xBD" : std::string(1, bytes[0]);
                bytes.remove_prefix(1);
            }
        }
        return text;
    }

  private:
    // iconv_open(3): its failure is (iconv_t)-1.
    bool is_open() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }

    /// Converts up to the first byte that can't be; false when `bytes` now begins with that byte.
    bool ConvertSome(std::string_view& bytes, std::string& text) {
        std::array<char, 4096> buffer;
        char* in = const_cast<char*>(bytes.data());  // iconv(3) takes a pointer to char and writes nothing there
        std::size_t in_left = bytes.size();
        char* out = buffer.data();
        std::size_t out_left = buffer.size();
        const std::size_t result = iconv(handle_, &in, &in_left, &out, &out_left);
        const bool is_stuck = result == static_cast<std::size_t>(-1) && errno != E2BIG;
        text.append(buffer.data(), buffer.size() - out_left);
        bytes.remove_prefix(bytes.size() - in_left);
        if (is_stuck) iconv(handle_, nullptr, nullptr, nullptr, nullptr);
        return !is_stuck;
    }

    iconv_t handle_;
};

}  // namespace

std::optional<Encoding> FindEncoding(std::string_view name) {
    const std::string lower = ToLowerAscii(name);
    if (lower == "utf-8" || lower == "utf8") return Encoding::kUtf8;
    if (lower == "big5" || lower == "cp950") return Encoding::kBig5;
    return std::nullopt;
}

std::string TextForPeople(std::string_view bytes, Encoding encoding) {
    if (encoding == Encoding::kUtf8) return ReplaceInvalidUtf8(bytes);
    thread_local Big5Converter converter;
    return converter.Convert(bytes);
}

}  // namespace opsteward::logs
