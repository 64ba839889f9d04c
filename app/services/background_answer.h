#pragma once

#include <QObject>
#include <QString>

#include <memory>
#include <optional>
#include <string>

#include <alcuin/inference/text_engine.h>

namespace alcuin::app {

/// A short answer that nobody watches being written: a title, a summary. Lives on the GUI thread; destroying it gives
/// it up.
class BackgroundAnswer : public QObject {
    Q_OBJECT
public:
    /// Keeps the engine as long as it writes.
    BackgroundAnswer(std::shared_ptr<inference::TextEngine> engine, inference::RequestHandle handle,
                     QObject* parent = nullptr);
    ~BackgroundAnswer() override;

signals:
    /// Now and then, as it grows: what was written so far.
    void grown(const QString& text);
    /// Once: what was written, reasoning left out. `whole` is false where a limit or a stop cut it off.
    void written(const QString& text, bool whole);
    /// Once, instead.
    void failed(const alcuin::inference::Error& error);

private:
    void drain();

    std::shared_ptr<inference::TextEngine> m_engine;
    std::optional<inference::RequestHandle> m_handle;
    std::string m_text;
    std::size_t m_told = 0; ///< bytes of it that `grown` has told
};

} // namespace alcuin::app
