#pragma once

#include <cerrno>
#include <exception>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>

#include "connection.h"
#include <alcuin/storage/error.h>

namespace alcuin::storage {

/// An error of ours on its way out of a transaction: it unwinds, which rolls back, and becomes a Result in guarded().
class Failure : public std::exception {
public:
    Failure(ErrorCode code, std::string message) : m_error{code, std::move(message)} {}
    const Error& error() const {
        return m_error;
    }
    const char* what() const noexcept override {
        return m_error.message.c_str();
    }

private:
    Error m_error;
};

/// In words: what SQLite refused while `action` ("opening the database", "storing a question") was done to `path`.
/// `systemErrno` is what the operating system said last, or 0.
Error toError(const SQLite::Exception& exception, std::string_view action, const std::filesystem::path& path,
              int systemErrno);

/// What the operating system said when this connection's last file operation failed; 0: nothing since guarded() began.
int systemErrno(Connection& connection);

/// The same; of damage it leaves a note for the next start.
Error noted(const Connection& connection, Error error);

Error outOfMemory(std::string_view action);
Error unexpected(std::string_view action, const std::exception& exception);

/// The module's edge: calls `work` and turns every exception into an Error.
template <typename Work>
auto guarded(Connection& connection, std::string_view action, Work&& work) -> Result<std::invoke_result_t<Work>> {
    errno = 0;
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
            std::forward<Work>(work)();
            return {};
        } else {
            return std::forward<Work>(work)();
        }
    } catch (const Failure& failure) {
        return tl::unexpected<Error>(noted(connection, failure.error()));
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(
            noted(connection, toError(exception, action, connection.path, systemErrno(connection))));
    } catch (const std::bad_alloc&) {
        return tl::unexpected<Error>(outOfMemory(action));
    } catch (const std::exception& exception) {
        return tl::unexpected<Error>(unexpected(action, exception));
    }
}

/// The same where there is no connection yet: `work` gives a Result itself. `file` is what the words are about.
template <typename Work>
auto guardedFile(const std::filesystem::path& file, std::string_view action, Work&& work)
    -> std::invoke_result_t<Work> {
    try {
        return std::forward<Work>(work)();
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(toError(exception, action, file, 0));
    } catch (const std::bad_alloc&) {
        return tl::unexpected<Error>(outOfMemory(action));
    } catch (const std::exception& exception) {
        return tl::unexpected<Error>(unexpected(action, exception));
    }
}

/// guarded(), in one transaction: `work` has returned, and the commit is on the disk, or nothing has changed.
template <typename Work>
auto written(Connection& connection, std::string_view action, Work&& work) -> Result<std::invoke_result_t<Work>> {
    return guarded(connection, action, [&] {
        SQLite::Transaction transaction(connection.database, SQLite::TransactionBehavior::IMMEDIATE);
        if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
            work();
            transaction.commit();
        } else {
            auto result = work();
            transaction.commit();
            return result;
        }
    });
}

} // namespace alcuin::storage
