// Hands everything on to another database and counts the statements.
#pragma once

#include "db/database.hpp"

namespace opsteward::inventory {

class CountingDatabase final : public db::Database {
  public:
    explicit CountingDatabase(db::Database& target) : target_(target) {}

    int statements() const { return statements_; }

    Result<void> ReadWith(const std::function<Result<void>(db::Session&)>& body) override {
        return target_.ReadWith([&](db::Session& session) {
            CountingSession counting(session, statements_);
            return body(counting);
        });
    }
    Result<void> WriteWith(const std::function<Result<void>(db::Transaction&)>& body) override { return target_.WriteWith(body); }
    Result<db::ResultSet> QueryRestricted(std::string_view sql, std::span<const db::Value> parameters,
                                          const db::QueryLimits& limits) override {
        return target_.QueryRestricted(sql, parameters, limits);
    }
    Result<void> BackUpTo(const std::filesystem::path& to) override { return target_.BackUpTo(to); }
    db::Dialect dialect() const override { return target_.dialect(); }
    Result<void> Ping() override { return target_.Ping(); }

  private:
    class CountingSession final : public db::Session {
      public:
        CountingSession(db::Session& target, int& statements) : target_(target), statements_(statements) {}
        using db::Session::Query;
        Result<db::ResultSet> Query(std::string_view sql, std::span<const db::Value> parameters) override {
            ++statements_;
            return target_.Query(sql, parameters);
        }
        db::Dialect dialect() const override { return target_.dialect(); }

      private:
        db::Session& target_;
        int& statements_;
    };

    db::Database& target_;
    int statements_ = 0;
};

}  // namespace opsteward::inventory
