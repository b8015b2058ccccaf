package io.keysweep.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Image;

/**
 * Checks that everything that a page refers to exists: pages, anchors, files and images. It also checks the files that
 * a page names in inline code, such as {@code dev/verify}. Addresses outside the repository are not checked, so the
 * check needs no network.
 */
final class LinkCheck {

    /**
     * Matches inline code that begins with a path of the repository, such as {@code dev/bench quick}. A path with an
     * ellipsis or a placeholder, such as {@code docs/<page>.md}, does not match.
     */
    private static final Pattern NAMED_FILE = Pattern.compile(
            "(?:\\./)?((?:docs|dev|deploy|packaging|benchmarks/results)/[A-Za-z0-9_./-]*[A-Za-z0-9_])" + "(?:\\s.*)?");

    private final Path root;
    private final Map<String, Page> pages;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> files = new TreeSet<>();

    private LinkCheck(Path root, Map<String, Page> pages) {
        this.root = root;
        this.pages = pages;
    }

    /**
     * Reports what a check has found.
     *
     * @param problems one sentence for each broken reference
     * @param files paths of all files, other than pages, that links and images lead to
     */
    record Result(List<String> problems, Set<String> files) {}

    /** Checks all pages. */
    static Result run(Path root, Map<String, Page> pages) {
        LinkCheck check = new LinkCheck(root, pages);
        for (Page page : pages.values()) {
            LinkTarget.visitAll(page, (node, destination) -> check.checkLink(page, destination, node instanceof Image));
            page.document().accept(new AbstractVisitor() {
                @Override
                public void visit(Code code) {
                    check.checkNamedFile(page, code.getLiteral());
                }
            });
        }
        return new Result(List.copyOf(check.problems), check.files);
    }

    private void checkLink(Page page, String destination, boolean isImage) {
        Optional<LinkTarget> internal = LinkTarget.of(page.path(), destination);
        internal.ifPresentOrElse(target -> checkTarget(page, destination, target), () -> {
            if (isImage) {
                addProblem(page, destination, "is an image of another site; the pages must work offline");
            }
        });
    }

    private void checkTarget(Page page, String destination, LinkTarget target) {
        Page targetPage = pages.get(target.path());
        if (targetPage != null) {
            if (!target.anchor().isEmpty() && !targetPage.anchorNames().contains(target.anchor())) {
                addProblem(page, destination, "names no heading of " + target.path());
            }
        } else if (target.path().startsWith("..") || !Files.isRegularFile(root.resolve(target.path()))) {
            addProblem(page, destination, "leads to no file");
        } else if (!target.anchor().isEmpty()) {
            addProblem(page, destination, "has an anchor, but leads to no page");
        } else {
            files.add(target.path());
        }
    }

    private void checkNamedFile(Page page, String code) {
        Matcher matcher = NAMED_FILE.matcher(code);
        if (matcher.matches() && !Files.exists(root.resolve(matcher.group(1))) && !existsInModule(matcher.group(1))) {
            addProblem(page, code, "names a file that does not exist");
        }
    }

    /** Returns whether a module contains this path. Pages about the code leave out the folder of the module. */
    private boolean existsInModule(String path) {
        try (Stream<Path> modules = Files.list(root)) {
            return modules.anyMatch(module -> Files.exists(module.resolve(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void addProblem(Page page, String reference, String rule) {
        problems.add(page.path() + ": '" + reference + "' " + rule + ".");
    }
}
