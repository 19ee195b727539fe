// Writes every component into one page per theme and language: web_gallery OUT_DIR. For looking at, and for the browser
// checks of tests/browser/test_gallery.py.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "platform/web/assets.hpp"
#include "platform/web/embedded_files.hpp"
#include "platform/web/gallery_page.hpp"
#include "platform/web/page.hpp"

using namespace opsteward;

namespace {

void Write(const std::filesystem::path& path, std::string_view text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: web_gallery OUT_DIR\n";
        return 2;
    }
    const std::filesystem::path out = argv[1];
    for (const auto& file : web::EmbeddedFiles()) {
        Write(out / web::AssetUrl(file.name).substr(1), file.plain);
    }
    for (const Language language : {Language::kZhHant, Language::kEnglish}) {
        const std::string suffix = language == Language::kEnglish ? "-en" : "-zh";
        for (const std::string theme : {"light", "dark"}) {
            Write(out / ("gallery-" + theme + suffix + ".html"), web::GalleryPage(language, theme));
            Write(out / ("sign-in-" + theme + suffix + ".html"), web::GallerySignIn(language, theme));
        }
    }
}
