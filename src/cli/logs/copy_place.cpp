#include "cli/logs/copy_place.hpp"

#include <fmt/format.h>

#include <charconv>
#include <csignal>

#include "cli/logs/ssh_target.hpp"
#include "vault/copy/folder_target.hpp"

namespace opsteward::cli {

namespace {

constexpr std::string_view kScheme = "ssh://";

/// Without what was written: it may hold a password.
Error Malformed(std::string_view zh, std::string_view en) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("複本位置應為資料夾，或 ssh://[使用者@]主機[:連接埠]/路徑：{}。", zh),
                     fmt::format("A copy is in a folder, or in ssh://[user@]host[:port]/path: {}.", en));
}

bool IsPrintable(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return false;
    }
    return true;
}

void CutSlashes(std::string& path) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
}

/// "host", "host:port", "[::1]:port"
Result<void> ReadHost(std::string_view text, net::SshEndpoint& machine) {
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return Malformed("缺少 ]", "] is missing");
        machine.host = text.substr(1, end - 1);
        port = text.substr(end + 1);
    } else {
        const std::size_t end = std::min(text.find(':'), text.size());
        machine.host = text.substr(0, end);
        port = text.substr(end);
    }
    if (machine.host.empty() || machine.host.starts_with('-') || !IsPrintable(machine.host)) return Malformed("缺少主機", "the host is missing");
    if (port.empty()) return Ok();
    const auto [end, problem] = std::from_chars(port.data() + 1, port.data() + port.size(), machine.port);
    if (port.front() != ':' || port.size() == 1 || problem != std::errc() || end != port.data() + port.size() || machine.port == 0) {
        return Malformed("連接埠應為 1 至 65535", "the port is a number from 1 to 65535");
    }
    return Ok();
}

Result<CopyPlace> ParseSsh(std::string_view rest) {
    const std::size_t slash = rest.find('/');
    const std::string_view authority = rest.substr(0, slash);
    CopyPlace place;
    net::SshEndpoint machine;
    const std::size_t at = authority.rfind('@');
    if (at != std::string_view::npos) {
        machine.user = authority.substr(0, at);
        if (machine.user.find(':') != std::string::npos) return Malformed("不使用密碼", "no password is used");
        if (machine.user.empty() || !IsPrintable(machine.user)) return Malformed("缺少使用者", "the user is missing");
    }
    OPS_CHECK(ReadHost(at == std::string_view::npos ? authority : authority.substr(at + 1), machine));
    if (slash != std::string_view::npos) place.folder = rest.substr(slash);
    CutSlashes(place.folder);
    constexpr std::string_view kHome = "/~/";
    if (place.folder.starts_with(kHome)) place.folder.erase(0, kHome.size());
    if (place.folder.empty() || place.folder == "/" || place.folder == "/~" || place.folder.find('\0') != std::string::npos) {
        return Malformed("缺少路徑", "the path is missing");
    }
    place.machine = machine;
    return place;
}

}  // namespace

Result<CopyPlace> CopyPlace::Parse(std::string_view address) {
    if (address.starts_with(kScheme)) return ParseSsh(address.substr(kScheme.size()));
    const std::size_t colon = address.find(':');
    if (address.empty()) return Malformed("未指定", "nothing is given");
    if (address.find("://") == colon && colon != std::string_view::npos) return Malformed("不認得這種位置", "no other scheme is known");
    if (colon < address.find('/')) return Malformed("主機:路徑 請寫成 ssh://主機/路徑；名稱有冒號的資料夾請在前面加 ./", "write HOST:PATH as ssh://HOST/PATH, and a folder with a colon as ./NAME");
    CopyPlace place{{}, std::string(address)};
    CutSlashes(place.folder);
    return place;
}

std::string CopyPlace::ToText() const {
    if (!machine) return folder;
    const bool is_ip6 = machine->host.find(':') != std::string::npos;
    return fmt::format("{}{}{}{}{}{}{}{}{}", kScheme, machine->user, machine->user.empty() ? "" : "@", is_ip6 ? "[" : "", machine->host, is_ip6 ? "]" : "",
                       machine->port == 22 ? "" : fmt::format(":{}", machine->port), folder.starts_with('/') ? "" : "/~/", folder);
}

Result<std::unique_ptr<vault::CopyTarget>> OpenCopy(std::string_view address, const net::SshOptions& options) {
    OPS_TRY(const CopyPlace place, CopyPlace::Parse(address));
    if (!place.machine) return std::unique_ptr<vault::CopyTarget>(std::make_unique<vault::FolderTarget>(place.folder));
    // A line that is cut is an error of the call that meets it.
    std::signal(SIGPIPE, SIG_IGN);
    OPS_TRY(auto client, net::SftpClient::Connect(*place.machine, options));
    return std::unique_ptr<vault::CopyTarget>(std::make_unique<SshTarget>(std::move(client), place.folder, place.ToText()));
}

}  // namespace opsteward::cli
