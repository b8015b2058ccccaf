package io.keysweep.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;

/** Implements {@code dev/docs}: checks the links of all pages and writes the site. */
public final class SiteCommand {

    private SiteCommand() {}

    /**
     * Writes the site, or says which links are broken and ends with exit code 1.
     *
     * @param arguments the folder of the repository and the folder to write to
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: SiteCommand REPOSITORY OUTPUT");
            System.exit(2);
        }
        Path root = Path.of(arguments[0]);
        Path output = Path.of(arguments[1]);
        SortedMap<String, Page> pages = PageReader.readAll(root);
        LinkCheck.Result result = LinkCheck.run(root, pages);
        result.problems().forEach(System.err::println);
        if (!result.problems().isEmpty()) {
            System.err.println(result.problems().size() + " broken links");
            System.exit(1);
        }
        write(root, pages, result.files(), output);
        System.out.println(pages.size() + " pages without a broken link: " + output.resolve("index.html"));
    }

    /** Writes all pages, the files that they link to, and the search index. */
    static void write(Path root, Map<String, Page> pages, Set<String> files, Path output) throws IOException {
        Page indexPage =
                Objects.requireNonNull(pages.get(Navigation.INDEX_PAGE), Navigation.INDEX_PAGE + " is missing");
        PageRenderer renderer = new PageRenderer(pages, Navigation.of(indexPage));
        // The index is made before the pages are rendered, because rendering changes their links.
        String index = SearchIndex.script(pages.values());
        for (Page page : pages.values()) {
            writeText(output.resolve(page.htmlPath()), renderer.render(page));
        }
        for (String file : files) {
            Path copy = output.resolve(file);
            Files.createDirectories(Objects.requireNonNull(copy.getParent()));
            Files.copy(root.resolve(file), copy, StandardCopyOption.REPLACE_EXISTING);
        }
        writeText(output.resolve("search-index.js"), index);
        for (String asset : new String[] {"site.css", "site.js"}) {
            try (InputStream content =
                    Objects.requireNonNull(SiteCommand.class.getResourceAsStream("/site/" + asset), asset)) {
                Files.copy(content, output.resolve(asset), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void writeText(Path file, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }
}
