package io.keysweep.site;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;

/**
 * Names what a link or an image of a page leads to inside the repository.
 *
 * @param path path from the folder of the repository; it begins with {@code ..} if it leads out of the repository
 * @param anchor what follows the {@code #}; an empty text if nothing does
 */
record LinkTarget(String path, String anchor) {

    /** Receives each link and image of a page together with its destination. */
    interface Visitor {

        /** Receives one link or image. */
        void found(Node node, String destination);
    }

    /**
     * Returns the target of a destination. The result is empty if the destination has a scheme, such as https, and so
     * leads out of the repository.
     *
     * @param page path of the page that has the link
     */
    static Optional<LinkTarget> of(String page, String destination) {
        if (destination.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*")) {
            return Optional.empty();
        }
        int hash = destination.indexOf('#');
        String file = decode(hash < 0 ? destination : destination.substring(0, hash));
        String anchor = hash < 0 ? "" : decode(destination.substring(hash + 1));
        if (file.isEmpty()) {
            return Optional.of(new LinkTarget(page, anchor));
        }
        Path resolvedPath = Path.of(page).resolveSibling(file).normalize();
        return Optional.of(new LinkTarget(resolvedPath.toString().replace('\\', '/'), anchor));
    }

    private static String decode(String text) {
        // A plus sign is an ordinary character in a path.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Calls the visitor for each link and image of a page. */
    static void visitAll(Page page, Visitor visitor) {
        page.document().accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                visitor.found(link, link.getDestination());
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                visitor.found(image, image.getDestination());
                visitChildren(image);
            }
        });
    }
}
