package io.keysweep.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;

/** Finds and parses the Markdown files that become pages: the files in the folder of the repository and below docs. */
final class PageReader {

    /** The extensions of CommonMark that the pages use and GitHub shows. */
    static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();

    private PageReader() {}

    /** Reads all pages of a repository, by their paths. */
    static SortedMap<String, Page> readAll(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> top = Files.list(root);
                Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .forEach(files::add);
        }
        SortedMap<String, Page> pages = new TreeMap<>();
        for (Path file : files) {
            String path = root.relativize(file).toString().replace('\\', '/');
            pages.put(path, read(path, Files.readString(file)));
        }
        return pages;
    }

    /** Parses one page. */
    static Page read(String path, String markdown) {
        Node document = PARSER.parse(markdown);
        IdGenerator ids = IdGenerator.builder().build();
        // Nodes are compared by identity, so two headings with the same text have two entries.
        Map<Heading, String> anchors = new HashMap<>();
        List<Page.Section> sections = new ArrayList<>();
        Node node = document.getFirstChild();
        while (node != null) {
            Node nextNode = node.getNext();
            if (node instanceof Heading heading) {
                String title = PlainText.of(heading);
                String anchor = ids.generateId(title);
                anchors.put(heading, anchor);
                StringBuilder text = new StringBuilder();
                while (nextNode != null && !(nextNode instanceof Heading)) {
                    text.append(PlainText.of(nextNode)).append('\n');
                    nextNode = nextNode.getNext();
                }
                sections.add(new Page.Section(heading.getLevel(), title, anchor, text.toString()));
            }
            node = nextNode;
        }
        return new Page(path, document, List.copyOf(sections), anchors);
    }
}
