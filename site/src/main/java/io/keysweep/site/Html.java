package io.keysweep.site;

import org.commonmark.node.Text;
import org.commonmark.renderer.html.HtmlRenderer;

/** Escapes text for HTML, as the renderer of the pages does. */
final class Html {

    private static final HtmlRenderer RENDERER = HtmlRenderer.builder().build();

    private Html() {}

    /** Returns a text in which each character that has a meaning in HTML is replaced by its entity. */
    static String escape(String text) {
        return RENDERER.render(new Text(text));
    }
}
