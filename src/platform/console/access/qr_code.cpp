#include "platform/console/access/qr_code.hpp"

#include <qrencode.h>

#include <memory>
#include <string>

#include <fmt/format.h>

namespace opsteward::console {

namespace {

constexpr int kQuietZone = 4;  // modules around the symbol, ISO/IEC 18004 section 6.3.8
constexpr int kPixels = 240;

struct FreeCode {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

/// Each run of dark modules of a row as a rectangle.
std::string PathOf(const QRcode& code) {
    std::string path;
    const auto is_dark = [&](int x, int y) { return (code.data[y * code.width + x] & 1) != 0; };
    for (int y = 0; y < code.width; ++y) {
        for (int x = 0; x < code.width; ++x) {
            if (!is_dark(x, y)) continue;
            const int begin = x;
            while (x < code.width && is_dark(x, y)) ++x;
            path += fmt::format("M{} {}h{}v1h-{}z", begin + kQuietZone, y + kQuietZone, x - begin, x - begin);
        }
    }
    return path;
}

}  // namespace

Result<html::Markup> QrCode(std::string_view text, std::string_view label) {
    const std::unique_ptr<QRcode, FreeCode> code(QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M));
    if (code == nullptr) return Error::Hidden(ErrorCode::kTooLarge, "the text does not fit in a QR code");
    const int side = code->width + 2 * kQuietZone;
    // Black on white in both themes: scanners expect it.
    return html::Format(
        R"(<svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}" shape-rendering="crispEdges">)"
        R"(<rect width="{}" height="{}" fill="#ffffff"/><path d="{}" fill="#000000"/></svg>)",
        side, side, kPixels, kPixels, label, side, side, PathOf(*code));
}

}  // namespace opsteward::console
