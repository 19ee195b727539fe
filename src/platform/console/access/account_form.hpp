// The fields of an account as a form holds them. Role grants are rows; one more empty row comes when it is asked for,
// without script.
#pragma once

#include <string>
#include <vector>

#include "html/markup.hpp"
#include "net/http_message.hpp"
#include "platform/console/access/unit_tree.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console {

struct AccountForm {
    struct GrantRow {
        std::string role;  ///< key, "" when the row grants nothing
        std::string unit;
    };

    std::string name;  ///< only when the account is new
    std::string display_name;
    std::string email;
    std::string unit;
    std::string ends_on;  ///< as ParseDate reads it; "" for no end
    bool is_enabled = true;
    std::vector<GrantRow> rows;

    static AccountForm Of(const identity::Account& account, Language language);
    static AccountForm Read(const net::FormFields& fields);
    /// The button that asks for another row was pressed: nothing is to be saved.
    static bool WantsAnotherRow(const net::FormFields& fields);

    /// `account` with what the form says. kInvalidInput names what can't be read.
    Result<identity::Account> ApplyTo(identity::Account account) const;
    /// The fields with the buttons that send them; `units` are the choices. `spare_rows` empty rows for roles stand at
    /// the end.
    html::Markup Fields(const web::RequestContext& context, const std::vector<web::Choice>& units, bool is_new,
                        int spare_rows) const;
};

}  // namespace opsteward::console
