// A copy of the vault on another machine, by SFTP.
#pragma once

#include <memory>
#include <string>

#include "net/ssh/sftp_client.hpp"
#include "vault/copy/copy_target.hpp"

namespace opsteward::cli {

class SshTarget final : public vault::CopyTarget {
  public:
    /// `folder` is a path of the server's; `address` is how people wrote all of it.
    SshTarget(std::unique_ptr<net::SftpClient> client, std::string folder, std::string address)
        : client_(std::move(client)), folder_(std::move(folder)), address_(std::move(address)) {}

    const std::string& address() const override { return address_; }
    Result<void> MakeFolder(std::string_view folder) override { return client_->MakeFolder(PathOf(folder)); }
    Result<std::vector<Entry>> List(std::string_view folder) override {
        OPS_TRY(const auto found, client_->List(PathOf(folder)));
        std::vector<Entry> entries;
        for (const net::SftpClient::Entry& entry : found) entries.push_back({entry.name, entry.bytes, entry.is_file});
        return entries;
    }
    Result<std::string> Read(std::string_view name, std::uint64_t offset, std::size_t length) override { return client_->Read(PathOf(name), offset, length); }
    Result<void> Write(std::string_view name, std::uint64_t offset, std::string_view bytes) override { return client_->Write(PathOf(name), offset, bytes); }
    Result<void> Sync(std::string_view name) override { return client_->Sync(PathOf(name)); }
    Result<void> Rename(std::string_view from, std::string_view to) override { return client_->Rename(PathOf(from), PathOf(to)); }
    Result<void> Remove(std::string_view name) override { return client_->Remove(PathOf(name)); }

  private:
    std::string PathOf(std::string_view name) const { return name.empty() ? folder_ : folder_ + "/" + std::string(name); }

    std::unique_ptr<net::SftpClient> client_;
    std::string folder_;
    std::string address_;
};

}  // namespace opsteward::cli
