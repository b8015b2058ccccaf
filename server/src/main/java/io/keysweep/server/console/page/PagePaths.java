package io.keysweep.server.console.page;

import io.keysweep.server.config.ConsolePath;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Finds the page of the console that a path belongs to. A form is sent to a path below the path of its page. A browser
 * cannot open the path of a form. Thread-safe.
 */
@Component
public final class PagePaths {

    private final ObjectProvider<RequestMappingHandlerMapping> mappings;

    PagePaths(@Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> mappings) {
        this.mappings = mappings;
    }

    /**
     * Returns the path itself if a browser can open it, or else the nearest path above it that a browser can open. For
     * {@code /console/instances/ID/settings}, that is the page of the instance. For a path outside of the console, it
     * is the overview.
     */
    public String pageOf(String path) {
        List<PathPattern> pages = pages();
        String candidate = path;
        while (candidate.startsWith(ConsolePath.ROOT + "/")) {
            PathContainer parsedPath = PathContainer.parsePath(candidate);
            if (pages.stream().anyMatch(page -> page.matches(parsedPath))) {
                return candidate;
            }
            candidate = candidate.substring(0, candidate.lastIndexOf('/'));
        }
        return ConsolePath.ROOT;
    }

    /** Returns the patterns of all paths that answer GET. */
    private List<PathPattern> pages() {
        return mappings.getObject().getHandlerMethods().keySet().stream()
                .filter(mapping -> mapping.getMethodsCondition().getMethods().contains(RequestMethod.GET))
                .flatMap(mapping -> patterns(mapping).stream())
                .toList();
    }

    private static List<PathPattern> patterns(RequestMappingInfo mapping) {
        PathPatternsRequestCondition condition = mapping.getPathPatternsCondition();
        return condition == null ? List.of() : List.copyOf(condition.getPatterns());
    }
}
