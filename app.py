"""Maillage: where coordinated primary care stands in France. Run with `make run`.

Streamlit reads this file twice: `streamlit run` imports it to find the server, and each reader's page runs it as a
script.
"""

if __name__ == "__main__":
    from pages.app.frame import draw_frame
    from pages.app.memory import settle

    page = draw_frame()
    page.run()
    settle(page.title)
else:
    from streamlit.starlette import App

    from pages.app.server import MIDDLEWARE, prepare_settings
    from pages.app.start import once_prepared

    prepare_settings()
    app = App(__file__, middleware=MIDDLEWARE, lifespan=once_prepared)
