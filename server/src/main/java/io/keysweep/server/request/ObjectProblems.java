package io.keysweep.server.request;

import io.keysweep.server.error.FieldProblem;
import io.keysweep.server.error.Phrase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records the problems of one JSON object of a request, and names each field by its path in the whole document.
 *
 * <p>All objects of a document share one list of problems, so that one response reports all. Not thread-safe.
 */
final class ObjectProblems {

    /** Path of the object in the document, such as {@code windows[0]}; empty for the whole document. */
    private final String path;

    /** Problems of all objects of the document. */
    private final List<FieldProblem> problems;

    private ObjectProblems(String path, List<FieldProblem> problems) {
        this.path = path;
        this.problems = problems;
    }

    /** Creates the recorder of a whole document, without problems. */
    static ObjectProblems ofDocument() {
        return new ObjectProblems("", new ArrayList<>());
    }

    /** Returns the recorder of an object in a list of this object, such as {@code windows[0]}. */
    ObjectProblems ofElement(String list, int index) {
        return new ObjectProblems(pathOf(list) + "[" + index + "]", problems);
    }

    /** Returns the problems that were recorded until now, in all objects of the document. */
    List<FieldProblem> all() {
        return List.copyOf(problems);
    }

    /** Records that a field breaks a rule; the value is null if the field is missing. */
    void add(String name, @Nullable String value, Phrase rule) {
        problems.add(FieldProblem.of(pathOf(name), value, rule));
    }

    /** Records a problem by the rest of the sentence that begins with the path of the field. */
    void add(String name, Phrase detail) {
        problems.add(new FieldProblem(pathOf(name), detail));
    }

    /**
     * Records the problems that another reader has found in the value of a field. The path of the field is put before
     * the paths of the problems.
     */
    void add(String name, List<FieldProblem> problemsOfValue) {
        problemsOfValue.forEach(problem -> problems.add(problem.within(pathOf(name))));
    }

    /** Records a field that the object must not have. */
    void addUnknown(String name, Collection<String> knownFields) {
        FieldProblem problem = FieldProblem.unknown(name, knownFields);
        problems.add(path.isEmpty() ? problem : problem.within(path));
    }

    /**
     * Records that there is no object at this path.
     *
     * @param value value that stands there instead, as the message shows it; null if there is none
     */
    void addNoObject(@Nullable String value) {
        problems.add(FieldProblem.of(path.isEmpty() ? "body" : path, value, "an object"));
    }

    /** Returns the path of a field of this object from the root of the document, such as {@code windows[0].from}. */
    private String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
