package io.keysweep.site;

import java.util.Map;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.renderer.html.HtmlRenderer;

/** Renders pages as HTML, with the navigation at their side. A page has no script or style of its own. */
final class PageRenderer {

    /** The number of headings from which a page has a list of its headings. */
    private static final int MIN_LISTED_HEADINGS = 3;

    private final Map<String, Page> pages;
    private final Navigation navigation;

    PageRenderer(Map<String, Page> pages, Navigation navigation) {
        this.pages = pages;
        this.navigation = navigation;
    }

    /** Returns the HTML file of a page. In it, links to other pages lead to their HTML files. */
    String render(Page page) {
        rewriteLinks(page);
        String content = HtmlRenderer.builder()
                .extensions(PageReader.EXTENSIONS)
                .attributeProviderFactory(context -> (node, tag, attributes) -> {
                    String anchor =
                            node instanceof Heading heading ? page.anchors().get(heading) : null;
                    if (anchor != null) {
                        attributes.put("id", anchor);
                    }
                    if (tag.equals("pre")) {
                        // A block that scrolls must be reachable by keyboard.
                        attributes.put("tabindex", "0");
                    }
                })
                .build()
                .render(page.document());

        String root = page.toRoot();
        return """
                <!DOCTYPE html>
                <html lang="%s" data-root="%s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%s</title>
                <link rel="stylesheet" href="%ssite.css">
                <script src="%ssearch-index.js" defer></script>
                <script src="%ssite.js" defer></script>
                </head>
                <body>
                <a class="skip" href="#content">Skip to content</a>
                <header>
                <a class="brand" href="%sindex.html">Keysweep</a>
                <form id="search" role="search" hidden>
                <input id="query" type="search" aria-label="Search" placeholder="Search (press /)" autocomplete="off">
                <div id="results" role="status"></div>
                </form>
                </header>
                <div class="frame">
                <nav aria-label="Pages">
                %s</nav>
                <main id="content" tabindex="-1">
                %s</main>
                %s</div>
                </body>
                </html>
                """.formatted(
                        page.language(),
                        root,
                        Html.escape(page.path().equals("README.md") ? "Keysweep" : page.title() + " · Keysweep"),
                        root,
                        root,
                        root,
                        root,
                        renderNavigation(page, root),
                        content,
                        renderContents(page));
    }

    /**
     * Makes links to pages lead to their HTML files. Files and images are copied to the paths that they have in the
     * repository, so the links to them are not changed.
     */
    private void rewriteLinks(Page page) {
        LinkTarget.visitAll(
                page,
                (node, destination) -> LinkTarget.of(page.path(), destination).ifPresent(target -> {
                    Page targetPage = pages.get(target.path());
                    if (targetPage != null && node instanceof Link link) {
                        String anchor = target.anchor().isEmpty() ? "" : "#" + target.anchor();
                        link.setDestination(page.toRoot() + targetPage.htmlPath() + anchor);
                    }
                }));
    }

    private String renderNavigation(Page page, String root) {
        StringBuilder html = new StringBuilder();
        for (Navigation.Group group : navigation.groups()) {
            html.append("<h2>").append(Html.escape(group.title())).append("</h2>\n<ul>\n");
            for (Navigation.Entry entry : group.entries()) {
                Page target = pages.get(entry.path());
                if (target != null) {
                    boolean isCurrent =
                            entry.path().equals(page.path()) && entry.anchor().isEmpty();
                    String anchor = entry.anchor().isEmpty() ? "" : "#" + entry.anchor();
                    html.append("<li><a href=\"")
                            .append(Html.escape(root + target.htmlPath() + anchor))
                            .append(isCurrent ? "\" aria-current=\"page\">" : "\">")
                            .append(Html.escape(entry.label()))
                            .append("</a></li>\n");
                }
            }
            html.append("</ul>\n");
        }
        return html.toString();
    }

    /** Returns the list of the headings of a page; an empty text if there are too few. */
    private static String renderContents(Page page) {
        StringBuilder html = new StringBuilder();
        long count = 0;
        for (Page.Section section : page.sections()) {
            if (section.level() == 2 || section.level() == 3) {
                count++;
                html.append("<li class=\"level-")
                        .append(section.level())
                        .append("\"><a href=\"#")
                        .append(Html.escape(section.anchor()))
                        .append("\">")
                        .append(Html.escape(section.heading()))
                        .append("</a></li>\n");
            }
        }
        return count < MIN_LISTED_HEADINGS
                ? ""
                : "<aside aria-label=\"On this page\">\n<ul>\n" + html + "</ul>\n</aside>\n";
    }
}
