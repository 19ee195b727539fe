// Files on another machine, by SFTP over SSH (RFC 4251 to 4254; draft-ietf-secsh-filexfer-02, which every server speaks). The only place with libssh.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace opsteward::net {

struct SshEndpoint {
    std::string user;  ///< empty: who runs the program
    std::string host;
    std::uint16_t port = 22;
};

struct SshOptions {
    std::filesystem::path known_hosts;  ///< empty: the user's own and the machine's
    std::filesystem::path identity;     ///< private key; empty: those of the agent and the user's own
    std::chrono::seconds timeout{60};   ///< how long the server may keep silent
};

/// Not for use from two threads at a time. Paths are the server's. A lost connection is kUnavailable, a silent server kTimeout; after either nothing
/// works any more.
class SftpClient {
  public:
    /// kForbidden, naming the fingerprint, when the server's key is unknown or another one than is known; kUnauthenticated when no key of ours is accepted.
    /// Passwords are never used, and ssh_config is not read.
    static Result<std::unique_ptr<SftpClient>> Connect(const SshEndpoint& endpoint, const SshOptions& options);
    ~SftpClient();
    SftpClient(const SftpClient&) = delete;
    SftpClient& operator=(const SftpClient&) = delete;

    struct Entry {
        std::string name;
        std::uint64_t bytes = 0;
        bool is_file = true;  ///< a regular one; links are not
    };

    /// Mode 0700; a folder that is there is left as it is. kNotFound when the one above it is not there.
    Result<void> MakeFolder(const std::string& path);
    /// Nothing when there is no such folder.
    Result<std::vector<Entry>> List(const std::string& path);
    /// As many bytes as there are, up to `length`. kNotFound.
    Result<std::string> Read(const std::string& path, std::uint64_t offset, std::size_t length);
    /// Makes the file, mode 0600, when there is none. kFull when the disk is, as far as the server tells.
    Result<void> Write(const std::string& path, std::uint64_t offset, std::string_view bytes);
    /// fsync, where the server has it (OpenSSH does).
    Result<void> Sync(const std::string& path);
    /// Takes the place of a file that has the name, which is removed first: cut in between, neither has it.
    Result<void> Rename(const std::string& from, const std::string& to);
    Result<void> Remove(const std::string& path);

  private:
    struct Session;

    explicit SftpClient(std::unique_ptr<Session> session);

    Error Failed(std::string_view what, const std::string& path) const;
    Result<void> Open(const std::string& path, int flags);
    bool IsFull(const std::string& path) const;

    std::unique_ptr<Session> session_;
};

}  // namespace opsteward::net
