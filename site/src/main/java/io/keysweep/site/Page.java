package io.keysweep.site;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;

/**
 * Holds one parsed Markdown file.
 *
 * @param path path from the folder of the repository, with slashes, such as {@code docs/service.md}
 * @param document the parsed text
 * @param sections what follows each heading, in the order of the text
 * @param anchors the anchor of each heading
 */
record Page(String path, Node document, List<Section> sections, Map<Heading, String> anchors) {

    /**
     * Holds the text below one heading, up to the next heading.
     *
     * @param level level of the heading, 1 for the title of the page
     * @param heading text of the heading
     * @param anchor what follows the {@code #} in a link to the heading
     * @param text plain text of the section, for the search
     */
    record Section(int level, String heading, String anchor, String text) {}

    /** Returns the text of the first heading, or the path if the page has no heading. */
    String title() {
        return sections.isEmpty() ? path : sections.getFirst().heading();
    }

    /** Returns the language of the page as a tag of BCP 47. */
    String language() {
        return path.contains("zh-CN") ? "zh-CN" : "en";
    }

    /**
     * Returns the path of the HTML file, relative to the folder of the site. README.md becomes index.html, which web
     * servers show for the folder, as code hosts show README.md.
     */
    String htmlPath() {
        return path.replaceFirst("(^|/)README\\.md$", "$1index.md").replaceFirst("\\.md$", ".html");
    }

    /**
     * Returns the relative path from the page to the folder of the site, with which its links begin. This is {@code
     * ../} for each folder that the page is in, or an empty text. So the site works in any folder, and without a
     * server.
     */
    String toRoot() {
        return "../".repeat((int) path.chars().filter(c -> c == '/').count());
    }

    /** Returns the anchors of all headings. A link to the page can have one of them after its {@code #}. */
    Set<String> anchorNames() {
        return sections.stream().map(Section::anchor).collect(Collectors.toSet());
    }
}
