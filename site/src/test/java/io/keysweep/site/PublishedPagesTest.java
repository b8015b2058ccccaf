package io.keysweep.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Checks the pages of this repository as {@code dev/docs} does, and builds the site. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishedPagesTest {

    private static final Path ROOT = Path.of("..");

    private SortedMap<String, Page> pages;

    @BeforeAll
    void readPages() throws IOException {
        pages = PageReader.readAll(ROOT);
    }

    @Test
    void links_ofAllPages_leadSomewhere() {
        assertThat(LinkCheck.run(ROOT, pages).problems()).isEmpty();
    }

    @Test
    void navigation_listsEveryPageOfTheDocumentation() {
        Navigation navigation = Navigation.of(page(Navigation.INDEX_PAGE));

        assertThat(pages.keySet())
                .filteredOn(path -> path.startsWith("docs/") && !path.equals(Navigation.INDEX_PAGE))
                // Of the design decisions, the navigation lists only their first page.
                .filteredOn(path -> !path.matches("docs/design-decisions/(?!README).*"))
                .hasSizeGreaterThan(15)
                .allMatch(navigation::lists);
    }

    /** The page is short, so that a newcomer reads all of it before the first command. */
    @Test
    void readme_hasAtMost1000Words() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));

        assertThat(readme.strip().split("\\s+")).hasSizeLessThanOrEqualTo(1000);
    }

    @Test
    void site_hasAPageForEachFile_andItsImagesStylesAndSearch(@TempDir Path output) throws IOException {
        // The renderer changes the links of the pages, so the other tests need pages of their own.
        SortedMap<String, Page> sitePages = PageReader.readAll(ROOT);

        SiteCommand.write(ROOT, sitePages, LinkCheck.run(ROOT, sitePages).files(), output);

        assertThat(sitePages.values())
                .hasSizeGreaterThan(40)
                .allMatch(page -> Files.exists(output.resolve(page.htmlPath())));
        assertThat(output.resolve("docs/console-overview.png")).exists();
        assertThat(output.resolve("site.css")).exists();
        assertThat(Files.readString(output.resolve("search-index.js")))
                .startsWith("window.searchIndex = [{")
                .contains("\"docs/service.html#settings\"");

        // Links lead to pages of the site, and the page has no styles or scripts in its text.
        String page = Files.readString(output.resolve("docs/service.html"));
        assertThat(page)
                .contains("<script src=\"../site.js\" defer>", "<h2 id=\"settings\">", "aria-current=\"page\"")
                .contains("href=\"../docs/instances.html\"")
                .doesNotContain(".md\"", "<style", " style=", "onclick=");
    }

    private Page page(String path) {
        return Objects.requireNonNull(pages.get(path), path);
    }
}
