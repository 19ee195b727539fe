#include "net/ssh/sftp_client.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <libssh/sftp.h>

#include <algorithm>

#include "net/ssh/session.hpp"
#include "net/ssh/silence_watch.hpp"

namespace opsteward::net {

namespace {

struct CloseSftp {
    void operator()(sftp_session sftp) const { sftp_free(sftp); }
};
struct CloseFile {
    void operator()(sftp_file file) const { sftp_close(file); }
};
struct CloseFolder {
    void operator()(sftp_dir folder) const { sftp_closedir(folder); }
};
struct FreeAttributes {
    void operator()(sftp_attributes attributes) const { sftp_attributes_free(attributes); }
};
struct FreeSpace {
    void operator()(sftp_statvfs_t space) const { sftp_statvfs_free(space); }
};
using Attributes = std::unique_ptr<sftp_attributes_struct, FreeAttributes>;

/// What every server has to take in one packet (draft-ietf-secsh-filexfer-02 section 3), and what OpenSSH's takes.
constexpr std::size_t kPacket = 32U << 10;
constexpr std::size_t kPacketOfOpenSsh = 192U << 10;

/// SSH_FX_… (draft-ietf-secsh-filexfer-02 section 7)
ErrorCode CodeOf(int status) {
    switch (status) {
        case SSH_FX_NO_SUCH_FILE:
        case SSH_FX_NO_SUCH_PATH: return ErrorCode::kNotFound;
        case SSH_FX_PERMISSION_DENIED:
        case SSH_FX_WRITE_PROTECT: return ErrorCode::kForbidden;
        default: return ErrorCode::kUnavailable;
    }
}

}  // namespace

struct SftpClient::Session {
    Session(SshSession connected, std::chrono::seconds timeout) : ssh(std::move(connected)), watch(ssh_get_fd(ssh.get()), timeout) {}

    SshSession ssh;
    SilenceWatch watch;
    std::unique_ptr<sftp_session_struct, CloseSftp> sftp;
    std::size_t packet = kPacket;
    /// The file that was read or written last: a large one is many calls.
    std::unique_ptr<sftp_file_struct, CloseFile> file;
    std::string file_path;
    int file_flags = 0;

    ~Session() {
        const SilenceWatch::Question question(watch);
        file.reset();
        sftp.reset();
    }
};

SftpClient::SftpClient(std::unique_ptr<Session> session) : session_(std::move(session)) {}
SftpClient::~SftpClient() = default;

Result<std::unique_ptr<SftpClient>> SftpClient::Connect(const SshEndpoint& endpoint, const SshOptions& options) {
    OPS_TRY(SshSession ssh, ConnectSsh(endpoint, options));
    auto session = std::make_unique<Session>(std::move(ssh), options.timeout);
    if (ssh_get_openssh_version(session->ssh.get()) != 0) session->packet = kPacketOfOpenSsh;
    {
        const SilenceWatch::Question question(session->watch);
        session->sftp.reset(sftp_new(session->ssh.get()));
        if (session->sftp == nullptr || sftp_init(session->sftp.get()) != SSH_OK) {
            return Error::Of(ErrorCode::kUnavailable, fmt::format("{} 不提供 SFTP。", endpoint.host), fmt::format("{} offers no SFTP.", endpoint.host));
        }
    }
    return std::unique_ptr<SftpClient>(new SftpClient(std::move(session)));
}

Error SftpClient::Failed(std::string_view what, const std::string& path) const {
    if (session_->watch.has_ended()) {
        return Error::Of(ErrorCode::kTimeout, fmt::format("對方主機沒有回應，已斷線（{}）。", path), fmt::format("The other machine kept silent and was left ({} {}).", what, path));
    }
    if (ssh_is_connected(session_->ssh.get()) == 0 || ssh_get_error_code(session_->ssh.get()) == SSH_FATAL) {
        return Error::Of(ErrorCode::kUnavailable, fmt::format("與對方主機的連線中斷（{}）。", path), fmt::format("The connection was lost ({} {}).", what, path));
    }
    const int status = sftp_get_error(session_->sftp.get());
    const ErrorCode code = CodeOf(status);
    return Error::Of(code, fmt::format("對方主機拒絕（{}，SFTP 狀態 {}）。", path, status), fmt::format("The other machine refused ({} {}: SFTP status {}).", what, path, status));
}

Result<void> SftpClient::Open(const std::string& path, int flags) {
    if (session_->file != nullptr && session_->file_path == path && session_->file_flags == flags) return Ok();
    const SilenceWatch::Question question(session_->watch);
    session_->file.reset();
    session_->file.reset(sftp_open(session_->sftp.get(), path.c_str(), flags, S_IRUSR | S_IWUSR));
    if (session_->file == nullptr) return Failed("open", path);
    session_->file_path = path;
    session_->file_flags = flags;
    return Ok();
}

Result<void> SftpClient::MakeFolder(const std::string& path) {
    const SilenceWatch::Question question(session_->watch);
    if (const Attributes there(sftp_stat(session_->sftp.get(), path.c_str())); there != nullptr) {
        if (there->type == SSH_FILEXFER_TYPE_DIRECTORY) return Ok();
        return Error::Of(ErrorCode::kInvalidInput, path + " 不是資料夾。", path + " is not a folder.");
    }
    if (sftp_mkdir(session_->sftp.get(), path.c_str(), S_IRWXU) == 0) return Ok();
    Error error = Failed("make", path);
    if (error.code != ErrorCode::kNotFound) return error;
    return Error::Of(ErrorCode::kNotFound, fmt::format("對方主機沒有 {} 的上層資料夾；磁碟是否已掛載？", path),
                     fmt::format("The folder above {} is not there on the other machine; is its disk mounted?", path));
}

Result<std::vector<SftpClient::Entry>> SftpClient::List(const std::string& path) {
    std::vector<Entry> entries;
    const std::unique_ptr<sftp_dir_struct, CloseFolder> folder([&] {
        const SilenceWatch::Question question(session_->watch);
        return sftp_opendir(session_->sftp.get(), path.c_str());
    }());
    if (folder == nullptr) {
        Error error = Failed("list", path);
        if (error.code == ErrorCode::kNotFound) return entries;
        return error;
    }
    while (true) {
        const SilenceWatch::Question question(session_->watch);
        const Attributes entry(sftp_readdir(session_->sftp.get(), folder.get()));
        if (entry == nullptr) break;
        const std::string name = entry->name;
        if (name != "." && name != "..") entries.push_back({name, entry->size, entry->type == SSH_FILEXFER_TYPE_REGULAR});
    }
    if (sftp_dir_eof(folder.get()) == 0) return Failed("list", path);
    return entries;
}

Result<std::string> SftpClient::Read(const std::string& path, std::uint64_t offset, std::size_t length) {
    OPS_CHECK(Open(path, O_RDONLY));
    if (sftp_seek64(session_->file.get(), offset) != 0) return Failed("read", path);
    std::string bytes(length, '\0');
    std::size_t have = 0;
    while (have < length) {
        const SilenceWatch::Question question(session_->watch);
        const ssize_t got = sftp_read(session_->file.get(), bytes.data() + have, std::min(length - have, session_->packet));
        if (got < 0) return Failed("read", path);
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
}

Result<void> SftpClient::Write(const std::string& path, std::uint64_t offset, std::string_view bytes) {
    OPS_CHECK(Open(path, O_RDWR | O_CREAT));
    if (sftp_seek64(session_->file.get(), offset) != 0) return Failed("write", path);
    while (!bytes.empty()) {
        const SilenceWatch::Question question(session_->watch);
        const ssize_t written = sftp_write(session_->file.get(), bytes.data(), std::min(bytes.size(), session_->packet));
        if (written > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
            continue;
        }
        Error error = Failed("write", path);
        if (error.code == ErrorCode::kUnavailable && IsFull(path)) error.code = ErrorCode::kFull;
        return error;
    }
    return Ok();
}

/// The protocol has no status for it, so the disk is asked (statvfs@openssh.com).
bool SftpClient::IsFull(const std::string& path) const {
    if (ssh_is_connected(session_->ssh.get()) == 0 || sftp_extension_supported(session_->sftp.get(), "statvfs@openssh.com", "2") == 0) return false;
    const std::unique_ptr<sftp_statvfs_struct, FreeSpace> space(sftp_statvfs(session_->sftp.get(), path.c_str()));
    return space != nullptr && space->f_bavail * space->f_frsize < session_->packet;
}

Result<void> SftpClient::Sync(const std::string& path) {
    if (sftp_extension_supported(session_->sftp.get(), "fsync@openssh.com", "1") == 0) return Ok();
    OPS_CHECK(Open(path, O_RDWR | O_CREAT));
    const SilenceWatch::Question question(session_->watch);
    if (sftp_fsync(session_->file.get()) != 0) return Failed("sync", path);
    return Ok();
}

Result<void> SftpClient::Rename(const std::string& from, const std::string& to) {
    const SilenceWatch::Question question(session_->watch);
    session_->file.reset();
    sftp_session sftp = session_->sftp.get();
    if (sftp_rename(sftp, from.c_str(), to.c_str()) == 0) return Ok();
    // A name that is taken is refused (draft-ietf-secsh-filexfer-02 section 6.5), and libssh 0.10 can't ask for posix-rename@openssh.com.
    if (sftp_unlink(sftp, to.c_str()) != 0 || sftp_rename(sftp, from.c_str(), to.c_str()) != 0) return Failed("rename", from);
    return Ok();
}

Result<void> SftpClient::Remove(const std::string& path) {
    const SilenceWatch::Question question(session_->watch);
    session_->file.reset();
    if (sftp_unlink(session_->sftp.get(), path.c_str()) != 0) return Failed("remove", path);
    return Ok();
}

}  // namespace opsteward::net
