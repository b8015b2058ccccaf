package io.keysweep.site;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;

/**
 * Holds the groups of pages that every page lists at its side.
 *
 * <p>The groups come from {@code docs/index.md}: a group is a heading of the second level with the links below it.
 *
 * @param groups the groups in the order of that page
 */
record Navigation(List<Group> groups) {

    /** The page that lists all pages. */
    static final String INDEX_PAGE = "docs/index.md";

    /** Holds the pages below one heading. */
    record Group(String title, List<Entry> entries) {}

    /**
     * Names a page and where it is.
     *
     * @param label text of the link
     * @param path path of the page from the folder of the repository
     * @param anchor anchor of a heading in it; an empty text for the whole page
     */
    record Entry(String label, String path, String anchor) {}

    /** Reads the groups from the page that lists all pages. */
    static Navigation of(Page indexPage) {
        List<Group> groups = new ArrayList<>();
        for (Node node = indexPage.document().getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading heading && heading.getLevel() == 2) {
                groups.add(new Group(PlainText.of(heading), new ArrayList<>()));
            } else if (!groups.isEmpty()) {
                addLinks(indexPage, node, groups.getLast().entries());
            }
        }
        return new Navigation(List.copyOf(groups));
    }

    private static void addLinks(Page indexPage, Node block, List<Entry> entries) {
        for (Node child = block.getFirstChild(); child != null; child = child.getNext()) {
            if (child instanceof Link link) {
                LinkTarget.of(indexPage.path(), link.getDestination())
                        .filter(target -> target.path().endsWith(".md"))
                        .ifPresent(
                                target -> entries.add(new Entry(PlainText.of(link), target.path(), target.anchor())));
            } else {
                addLinks(indexPage, child, entries);
            }
        }
    }

    /** Returns whether the navigation lists a page. */
    boolean lists(String path) {
        return groups.stream()
                .flatMap(group -> group.entries().stream())
                .anyMatch(entry -> entry.path().equals(path));
    }
}
