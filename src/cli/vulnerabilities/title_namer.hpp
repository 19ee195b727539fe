// Titles of software to products, for commands: with what people decided, read from a file.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>

#include "base/result.hpp"
#include "features/vulnerabilities/match/identify.hpp"
#include "features/vulnerabilities/naming/name_mapper.hpp"

namespace opsteward::cli {

/// What comes with the program, and the decisions in a file where one is named ("" for none).
Result<vuln::NameMapper> OpenNameMapper(const std::filesystem::path& confirmations);

/// Makes the mapper with the first title: inventories that name their packages otherwise don't wait for it. Thread-safe.
class TitleNamer {
  public:
    /// The file is read now, so that what is wrong with it is told before anything is done.
    static Result<TitleNamer> Make(const std::filesystem::path& confirmations);

    vuln::TitleNames NamesOf(const vuln::Package& package);

  private:
    struct State {
        std::once_flag is_made;
        vuln::NameConfirmations confirmations;  ///< until the mapper is made, which has them then
        std::optional<vuln::NameMapper> mapper;
    };
    explicit TitleNamer(vuln::NameConfirmations confirmations);
    const vuln::NameMapper& Mapper();

    std::unique_ptr<State> state_;
};

}  // namespace opsteward::cli
