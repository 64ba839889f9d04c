#pragma once

#include "widgets/scrolled_page.h"

namespace alcuin::app {
class ModelService;
}

namespace alcuin::ui {

class Label;
class Theme;

/// Shown while there is no model: what the program is, and how one comes here.
class FirstRunPage : public ScrolledPage {
    Q_OBJECT
public:
    FirstRunPage(app::ModelService& models, const Theme& theme, QWidget* parent = nullptr);

signals:
    void openFileRequested();

private:
    void takeModels();
    void lookAgain();

    app::ModelService& m_models;
    Label* m_found;
    bool m_looking = false;
};

} // namespace alcuin::ui
