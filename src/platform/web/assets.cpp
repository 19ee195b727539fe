#include "platform/web/assets.hpp"

#include <algorithm>

#include "platform/web/embedded_files.hpp"

namespace opsteward::web {

namespace {

const EmbeddedFile* FindFile(std::string_view name) {
    const auto files = EmbeddedFiles();
    const auto found = std::ranges::lower_bound(files, name, {}, &EmbeddedFile::name);
    return found != files.end() && found->name == name ? &*found : nullptr;
}

bool LooksLikeHash(std::string_view text) {
    return text.size() == EmbeddedFilesHash().size() &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string AssetUrl(std::string_view name) {
    std::string url(kAssetPrefix);
    url += EmbeddedFilesHash();
    url += '/';
    url += name;
    return url;
}

net::Response FindAsset(std::string_view path, bool accepts_gzip) {
    const EmbeddedFile* file = nullptr;
    std::string_view hash;
    if (path.starts_with(kAssetPrefix)) {
        path.remove_prefix(kAssetPrefix.size());
        const auto slash = path.find('/');
        if (slash != std::string_view::npos && LooksLikeHash(path.substr(0, slash))) {
            hash = path.substr(0, slash);
            file = FindFile(path.substr(slash + 1));
        }
    }
    if (file == nullptr) return net::Response::PlainText("Not found\n", 404);

    net::Response response;
    response.headers.Set("Content-Type", file->type);
    response.headers.Set("X-Content-Type-Options", "nosniff");
    response.headers.Set("Vary", "Accept-Encoding");
    response.headers.Set("Cache-Control",
                         hash == EmbeddedFilesHash() ? "public, max-age=31536000, immutable" : "no-cache");
    if (accepts_gzip) response.headers.Set("Content-Encoding", "gzip");
    response.static_body = accepts_gzip ? file->gzip : file->plain;
    return response;
}

}  // namespace opsteward::web
