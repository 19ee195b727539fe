// An SSH connection whose server was recognised and which accepted us.
#pragma once

#include <libssh/libssh.h>

#include <memory>

#include "net/ssh/sftp_client.hpp"

namespace opsteward::net {

struct CloseSsh {
    void operator()(ssh_session session) const {
        ssh_disconnect(session);
        ssh_free(session);
    }
};
using SshSession = std::unique_ptr<ssh_session_struct, CloseSsh>;

/// Errors as SftpClient::Connect has them.
Result<SshSession> ConnectSsh(const SshEndpoint& endpoint, const SshOptions& options);

}  // namespace opsteward::net
