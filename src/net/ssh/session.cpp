#include "net/ssh/session.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <optional>

namespace opsteward::net {

namespace {

struct FreeKey {
    void operator()(ssh_key key) const { ssh_key_free(key); }
};
using SshKey = std::unique_ptr<ssh_key_struct, FreeKey>;

std::string NameOf(const SshEndpoint& endpoint) {
    const bool is_ip6 = endpoint.host.find(':') != std::string::npos;
    return fmt::format("{}{}{}:{}", is_ip6 ? "[" : "", endpoint.host, is_ip6 ? "]" : "", endpoint.port);
}

Error Unreachable(const SshEndpoint& endpoint, ssh_session session) {
    const std::string reason = ssh_get_error(session);
    return Error::Of(ErrorCode::kUnavailable, fmt::format("無法以 SSH 連線至 {}：{}。", NameOf(endpoint), reason),
                     fmt::format("{} can't be reached by SSH: {}.", NameOf(endpoint), reason));
}

/// "SHA256:…", as ssh-keygen -l shows it.
std::optional<std::string> FingerprintOf(ssh_session session) {
    ssh_key key = nullptr;
    if (ssh_get_server_publickey(session, &key) != SSH_OK) return std::nullopt;
    const SshKey owner(key);
    unsigned char* hash = nullptr;
    std::size_t length = 0;
    if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &length) != 0) return std::nullopt;
    char* text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length);
    ssh_clean_pubkey_hash(&hash);
    if (text == nullptr) return std::nullopt;
    std::string fingerprint = text;
    ssh_string_free_char(text);
    return fmt::format("{} ({})", fingerprint, ssh_key_type_to_char(ssh_key_type(key)));
}

Result<void> Recognise(const SshEndpoint& endpoint, ssh_session session) {
    const ssh_known_hosts_e found = ssh_session_is_known_server(session);
    if (found == SSH_KNOWN_HOSTS_OK) return Ok();
    const std::string fingerprint = FingerprintOf(session).value_or("?");
    switch (found) {
        case SSH_KNOWN_HOSTS_CHANGED:
        case SSH_KNOWN_HOSTS_OTHER:
            return Error::Of(ErrorCode::kForbidden,
                             fmt::format("{} 的主機金鑰與 known_hosts 所記不同，現為 {}：可能有人冒充。未傳送任何資料；向對方管理者查證後再更正 known_hosts。",
                                         NameOf(endpoint), fingerprint),
                             fmt::format("The host key of {} is not the one in known_hosts; it is {} now, and somebody may stand in between. Nothing was sent; ask the "
                                         "other side's administrator before you mend known_hosts.",
                                         NameOf(endpoint), fingerprint));
        case SSH_KNOWN_HOSTS_ERROR: return Unreachable(endpoint, session);
        default: break;
    }
    return Error::Of(ErrorCode::kForbidden,
                     fmt::format("不認得 {} 的主機金鑰 {}。未傳送任何資料；向對方管理者查證指紋後，將該金鑰加入 known_hosts（ssh-keyscan）。", NameOf(endpoint), fingerprint),
                     fmt::format("The host key of {} is unknown: {}. Nothing was sent; compare the fingerprint with the other side's administrator, then add the key to "
                                 "known_hosts (ssh-keyscan).",
                                 NameOf(endpoint), fingerprint));
}

Result<int> OfferKeys(const SshOptions& options, ssh_session session) {
    if (options.identity.empty()) return ssh_userauth_publickey_auto(session, nullptr, nullptr);
    ssh_key key = nullptr;
    const int read = ssh_pki_import_privkey_file(options.identity.c_str(), nullptr, nullptr, nullptr, &key);
    const SshKey owner(key);
    if (read == SSH_OK) return ssh_userauth_publickey(session, nullptr, key);
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("無法讀取私鑰 {}；有密語的金鑰請交給 ssh-agent，不指定 --identity。", options.identity.string()),
                     fmt::format("The private key {} can't be read; give one with a passphrase to ssh-agent, and leave --identity out.", options.identity.string()));
}

Result<void> Authenticate(const SshEndpoint& endpoint, const SshOptions& options, ssh_session session) {
    OPS_TRY(const int answer, OfferKeys(options, session));
    if (answer == SSH_AUTH_SUCCESS) return Ok();
    if (answer == SSH_AUTH_ERROR && ssh_is_connected(session) == 0) return Unreachable(endpoint, session);
    return Error::Of(ErrorCode::kUnauthenticated, fmt::format("{} 不接受本機的任何金鑰；請將公鑰加入對方帳號的 authorized_keys。", NameOf(endpoint)),
                     fmt::format("{} accepts none of our keys; add the public key to authorized_keys of the account there.", NameOf(endpoint)));
}

}  // namespace

Result<SshSession> ConnectSsh(const SshEndpoint& endpoint, const SshOptions& options) {
    SshSession session(ssh_new());
    if (session == nullptr) return Error::Hidden(ErrorCode::kInternal, "no memory for an SSH session");
    const unsigned int port = endpoint.port;
    const long seconds = static_cast<long>(options.timeout.count());
    const int no = 0;
    ssh_options_set(session.get(), SSH_OPTIONS_HOST, endpoint.host.c_str());
    ssh_options_set(session.get(), SSH_OPTIONS_PORT, &port);
    ssh_options_set(session.get(), SSH_OPTIONS_TIMEOUT, &seconds);
    ssh_options_set(session.get(), SSH_OPTIONS_PROCESS_CONFIG, &no);
    if (!endpoint.user.empty()) ssh_options_set(session.get(), SSH_OPTIONS_USER, endpoint.user.c_str());
    if (!options.known_hosts.empty()) {
        ssh_options_set(session.get(), SSH_OPTIONS_KNOWNHOSTS, options.known_hosts.c_str());
        ssh_options_set(session.get(), SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
    }
    if (ssh_connect(session.get()) != SSH_OK) return Unreachable(endpoint, session.get());
    OPS_CHECK(Recognise(endpoint, session.get()));
    OPS_CHECK(Authenticate(endpoint, options, session.get()));
    return session;
}

}  // namespace opsteward::net
