package io.keysweep.benchmarks.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks an answer of the service against rules that hold for every request.
 *
 * <p>An answer must end. It must not have an unexpected status of 500 or above, and must reveal neither secrets nor the
 * program's internals.
 */
final class AnswerRules {

    private static final int UNAVAILABLE = 503;

    /** The error code of the status 500. */
    private static final String INTERNAL_ERROR = "DCS.5000";

    /** Matches names of classes and packages of the service and its libraries, and the lines of a stack trace. */
    private static final Pattern INTERNALS = Pattern.compile("\\b[A-Z]\\w*Exception\\b"
            + "|\\b(?:java|javax|jakarta|jdk|sun|com\\.sun|org\\.apache|org\\.springframework|org\\.h2"
            + "|org\\.postgresql|org\\.thymeleaf|tools\\.jackson|com\\.fasterxml|com\\.zaxxer|com\\.github"
            + "|io\\.netty|io\\.lettuce|io\\.keysweep|ch\\.qos)\\.[a-z]\\w*(?:\\.\\w+)+"
            + "|\\bat [\\w.$/]+\\([\\w.]+:\\d+\\)");

    private final Map<String, String> secrets;

    /**
     * Creates the rules.
     *
     * @param secrets the secrets that no answer may contain, by the names under which findings report them
     */
    AnswerRules(Map<String, String> secrets) {
        this.secrets = new TreeMap<>(secrets);
    }

    /** Returns one text for each rule that an answer breaks; empty if it breaks none. */
    List<String> problems(RawExchange.Received received) {
        List<String> problems = new ArrayList<>(revealedSecrets(received.octets()));
        if (!received.ended()) {
            problems.add("hang: the service has neither answered nor closed the connection in time");
        }
        try {
            AnswerReader.read(received.octets()).forEach(answer -> check(answer, problems));
        } catch (IllegalArgumentException e) {
            problems.add("malformed answer: " + e.getMessage());
        }
        return List.copyOf(problems);
    }

    /** Adds what is wrong with an answer to the problems. */
    private static void check(RawAnswer answer, List<String> problems) {
        if (answer.status() >= 500 && !(answer.status() == UNAVAILABLE && answer.has("Retry-After"))) {
            problems.add("status " + answer.status());
        }
        if (answer.status() == 0 && answer.body().contains(INTERNAL_ERROR)) {
            problems.add("status 500, without a head");
        }
        if (answer.has(HostileValues.INJECTED_HEADER)) {
            problems.add("injected header: a value of the request became a header of the answer");
        }
        if (answer.isHtml() && answer.body().contains(HostileValues.SCRIPT)) {
            problems.add("unescaped: a page contains markup of the request");
        }
        Matcher internals = INTERNALS.matcher(answer.body());
        if (internals.find()) {
            problems.add("internals: " + internals.group());
        }
    }

    /** Returns a problem for each secret that a text contains. */
    List<String> revealedSecrets(String text) {
        return secrets.entrySet().stream()
                .filter(secret -> text.contains(secret.getValue()))
                .map(secret -> "secret: " + secret.getKey())
                .toList();
    }
}
