package io.keysweep.server;

import java.util.List;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/**
 * Prints to standard error why the service cannot start, in the form in which it reports wrong settings.
 *
 * <p>{@code META-INF/spring.factories} lists this class. Spring Boot's own report, a banner in the log, is switched off
 * in {@code application.yaml}.
 */
final class StartFailureReport implements FailureAnalysisReporter {

    /** Prints the explanation of one of {@link StartFailures}, or of Spring Boot, and what to do about it. */
    @Override
    public void report(FailureAnalysis analysis) {
        String action = analysis.getAction();
        print(List.of(action == null ? analysis.getDescription() : analysis.getDescription() + " " + action));
    }

    /** Prints the problems that keep the service from starting, one in a line. */
    @SuppressWarnings("SystemOut") // Logging is not configured before the settings are loaded.
    static void print(List<String> problems) {
        System.err.println("keysweep server cannot start:");
        problems.forEach(problem -> System.err.println("  - " + problem));
    }
}
