package io.keysweep.site;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the index of the search of the site: one entry for each section of each page. It is a script and not a
 * JSON document, because browsers do not let a page that was opened from a file load JSON.
 */
final class SearchIndex {

    /**
     * Holds one section of a page.
     *
     * @param page title of its page
     * @param heading text of its heading
     * @param url address of the heading from the folder of the site
     * @param text its plain text, with single spaces
     */
    record Entry(String page, String heading, String url, String text) {}

    private SearchIndex() {}

    /** Returns the content of the script. */
    static String script(Collection<Page> pages) {
        List<Entry> entries = new ArrayList<>();
        for (Page page : pages) {
            for (Page.Section section : page.sections()) {
                entries.add(new Entry(
                        page.title(),
                        section.heading(),
                        page.htmlPath() + "#" + section.anchor(),
                        section.text().replaceAll("\\s+", " ").strip()));
            }
        }
        return "window.searchIndex = " + JsonMapper.shared().writeValueAsString(entries) + ";\n";
    }
}
