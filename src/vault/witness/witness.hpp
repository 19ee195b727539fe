// A witness: remembers the newest checkpoint of each log and cosigns only what goes on from it, so that whoever holds a log's machine and its key can't
// rewrite the log unnoticed (C2SP tlog-witness, https://c2sp.org/tlog-witness). Its folder: docs/formats/vault.md, "Witness".
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "db/data_folder.hpp"
#include "vault/seal/key_files.hpp"
#include "vault/witness/remembered_log.hpp"

namespace opsteward::vault {

/// Safe from several threads.
class Witness {
  public:
    /// Holds `folder` alone, and makes a key pair under `name` at first. kConflict when another process holds it; kCorrupt when its key or what it remembers
    /// is damaged; kInvalidInput when one of the keys is no log's, or two are of logs of one name.
    static Result<std::unique_ptr<Witness>> Open(const std::filesystem::path& folder, std::string_view name, const std::vector<NoteKey>& logs);

    NoteKey public_key() const { return identity_.public_key(); }
    /// The answer to a body that was sent to add-checkpoint: 400 when it is malformed, 404 when the log is unknown, 403 when its key did not sign; else as
    /// RememberedLog::Take.
    WitnessAnswer Answer(std::string_view body, Instant now);

  private:
    Witness(std::unique_ptr<db::DataFolderLock> lock, SigningIdentity identity) : lock_(std::move(lock)), identity_(std::move(identity)) {}

    std::unique_ptr<db::DataFolderLock> lock_;
    SigningIdentity identity_;
    std::map<std::string, std::unique_ptr<RememberedLog>, std::less<>> logs_;  ///< by the log's name
};

}  // namespace opsteward::vault
