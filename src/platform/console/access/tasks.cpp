// What wants doing about accounts, for 我的待辦.
#include <fmt/format.h>

#include <algorithm>

#include "platform/console/access/account_state.hpp"
#include "platform/console/access/authority.hpp"
#include "platform/console/access/permissions.hpp"
#include "platform/console/access/routes.hpp"

namespace opsteward::console {

using identity::Account;
using platform::Task;
using web::RequestContext;

namespace {

struct Concern {
    AccountState state;
    bool is_for_administrators;  ///< only accounts that hold that role
    Phrase title_of_one;         ///< with {} for the name
    Phrase title_of_many;        ///< with {} for how many
    Phrase detail;
    web::Tone tone;
};
constexpr Concern kConcerns[] = {
    {AccountState::kLocked,
     false,
     {"帳號 {} 鎖定中", "The account {} is locked"},
     {"{} 個帳號鎖定中", "{} accounts are locked"},
     {"確認是本人輸入錯誤後解除；若不是，請查登入來源。",
      "Unlock it if it was the person; if not, look where the tries come from."},
     web::Tone::kNotMet},
    {AccountState::kNoSecondFactor,
     true,
     {"平台管理者 {} 未設兩步驟驗證", "The administrator {} has no second factor"},
     {"{} 位平台管理者未設兩步驟驗證", "{} administrators have no second factor"},
     {"請提醒本人在「我的帳號」設定。", "Remind the person to set it up under My account."},
     web::Tone::kAttention},
    {AccountState::kEndsSoon,
     false,
     {"帳號 {} 即將到期", "The account {} ends soon"},
     {"{} 個帳號即將到期", "{} accounts end soon"},
     {"要續用請改使用期限，不續用則不必處理。", "Set a later last day if it is still needed; else let it end."},
     web::Tone::kAttention},
    {AccountState::kOneTimePassword,
     false,
     {"帳號 {} 的一次性密碼還沒有更換", "The one-time password of {} is not changed yet"},
     {"{} 個帳號的一次性密碼還沒有更換", "{} accounts still have their one-time password"},
     {"請確認本人已收到，或停用不需要的帳號。", "Make sure that the person has it, or disable the account."},
     web::Tone::kNeutral},
};

bool Applies(const Concern& concern, const Account& account, const RequestContext& context) {
    return IsInState(account, concern.state, context.now) &&
           (!concern.is_for_administrators || IsAdministrator(account)) && account.id != context.actor().user_id &&
           HasAuthorityOver(context, account);
}

std::optional<Task> TaskFor(const Concern& concern, const std::vector<Account>& accounts,
                            const RequestContext& context) {
    const Account* first = nullptr;
    int count = 0;
    std::optional<Instant> due_at;
    for (const Account& account : accounts) {
        if (!Applies(concern, account, context)) continue;
        if (++count == 1) first = &account;
        if (concern.state == AccountState::kEndsSoon && (!due_at || *account.ends_at < *due_at))
            due_at = account.ends_at;
    }
    if (count == 0) return std::nullopt;
    Task task;
    task.detail = concern.detail.In(context.language);
    task.tone = concern.tone;
    task.due_at = due_at;
    if (count == 1) {
        task.title = fmt::format(fmt::runtime(concern.title_of_one.In(context.language)), first->name);
        task.href = fmt::format("/users/{}", first->id);
        return task;
    }
    const auto states = AllAccountStates();
    const auto info = std::ranges::find(states, concern.state, &AccountStateInfo::state);
    task.title = fmt::format(fmt::runtime(concern.title_of_many.In(context.language)), count);
    task.href = fmt::format("/users?state={}", info->key);
    if (concern.is_for_administrators) task.href += "&role=administrator";
    return task;
}

/// What everybody has to do to their own account.
Result<std::optional<Task>> OwnTask(const RequestContext& context, const Services& services) {
    if (!context.principal().HoldsAnywhere(identity::Role::kAdministrator)) return std::optional<Task>();
    OPS_TRY(const Account own, services.identity.FindAccount(context.actor().user_id));
    if (own.has_totp) return std::optional<Task>();
    Task task;
    task.title = context.Say("設定您的兩步驟驗證", "Set up your second factor");
    task.detail = context.Say("平台管理者的密碼一旦外洩，整個平台都會受影響。",
                              "A stolen administrator password opens the whole platform.");
    task.href = "/account/totp";
    task.tone = web::Tone::kAttention;
    return std::optional(std::move(task));
}

}  // namespace

Result<std::vector<Task>> AccessTasks(const RequestContext& context, const Services& services) {
    std::vector<Task> tasks;
    OPS_TRY(auto own, OwnTask(context, services));
    if (own) tasks.push_back(std::move(*own));
    if (!context.principal().May(kManageAccounts)) return tasks;
    OPS_TRY(const auto accounts, services.identity.Accounts());
    for (const Concern& concern : kConcerns) {
        if (auto task = TaskFor(concern, accounts, context)) tasks.push_back(std::move(*task));
    }
    return tasks;
}

}  // namespace opsteward::console
