#include "platform/identity/password_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace opsteward::identity {

namespace {

constexpr std::size_t kMaxBytes = 1024;

/// Roots of what guessers try first; a password that holds one, whatever stands around it, is refused.
constexpr std::array<std::string_view, 12> kGuessed = {"password", "passw0rd", "p@ssw0rd", "p@ssword", "qwerty",    "1q2w3e4r",
                                                       "123456",   "abc123",   "letmein",  "iloveyou", "opsteward", "administrator"};

int KindsOfCharacters(std::string_view password) {
    bool has_lower = false, has_upper = false, has_digit = false, has_other = false;
    for (const char c : password) {
        if (c >= 'a' && c <= 'z') {
            has_lower = true;
        } else if (c >= 'A' && c <= 'Z') {
            has_upper = true;
        } else if (c >= '0' && c <= '9') {
            has_digit = true;
        } else {
            has_other = true;
        }
    }
    return int{has_lower} + int{has_upper} + int{has_digit} + int{has_other};
}

Error Refuse(std::string zh, std::string en) { return Error::Of(ErrorCode::kInvalidInput, std::move(zh), std::move(en)); }

}  // namespace

Result<void> CheckPassword(std::string_view password, std::string_view account_name, std::size_t min_length) {
    if (CountCodePoints(password) < min_length) {
        return Refuse(fmt::format("密碼至少要 {} 個字元。", min_length), fmt::format("A password needs at least {} characters.", min_length));
    }
    if (password.size() > kMaxBytes) return Refuse("密碼太長。", "The password is too long.");
    if (KindsOfCharacters(password) < 3) {
        return Refuse("密碼須包含小寫、大寫、數字、符號四類中的三類。",
                      "A password needs three of these: lower case, upper case, digits, other characters.");
    }
    const std::string lower = ToLowerAscii(password);
    if (account_name.size() >= 3 && lower.find(ToLowerAscii(account_name)) != std::string::npos) {
        return Refuse("密碼不可包含帳號名稱。", "A password may not contain the account's name.");
    }
    if (std::any_of(kGuessed.begin(), kGuessed.end(), [&](std::string_view word) { return lower.find(word) != std::string::npos; })) {
        return Refuse("這個密碼太容易被猜到。", "This password is among the first that are guessed.");
    }
    return Ok();
}

}  // namespace opsteward::identity
