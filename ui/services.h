#pragma once

namespace alcuin::app {
class AttachmentReader;
class ChatService;
class CompactionService;
class ConversationService;
class ExchangeService;
class LedgerService;
class LibraryService;
class ModelService;
class SearchService;
class SettingsService;
} // namespace alcuin::app

namespace alcuin::ui {

/// What the window talks to. All of them live on the GUI thread and longer than any widget.
struct Services {
    app::ChatService& chat;
    app::ConversationService& conversations;
    app::ModelService& models;
    app::SettingsService& settings;
    app::LedgerService& ledger;
    app::AttachmentReader& attachments;
    app::LibraryService& library;
    app::CompactionService& compactions;
    app::ExchangeService& exchange;
    app::SearchService& search;
};

} // namespace alcuin::ui
