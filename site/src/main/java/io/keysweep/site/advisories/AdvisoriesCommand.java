package io.keysweep.site.advisories;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Implements {@code dev/advisories}: checks the libraries of a release against advisories in OSV files.
 *
 * <p>It uses no network. Standard output has one line for each advisory that affects a library. Standard error has
 * everything else.
 */
public final class AdvisoriesCommand {

    static final int NOTHING_FOUND = 0;
    static final int FOUND = 1;
    static final int NOT_CHECKED = 2;

    private static final String USAGE = "usage: dev/advisories [--sbom FILE] [--ignore FILE] FOLDER_OR_ZIP...";

    private final PrintStream out;
    private final PrintStream err;
    private final LocalDate today;

    AdvisoriesCommand(PrintStream out, PrintStream err, LocalDate today) {
        this.out = out;
        this.err = err;
        this.today = today;
    }

    /**
     * Runs the command, and ends the process with its exit code. The code is 0 if no advisory affects a library, 1 if
     * one does, and 2 if that could not be checked.
     *
     * @param arguments {@code --sbom FILE}, {@code --ignore FILE}, and folders or zip files with advisories
     */
    public static void main(String[] arguments) {
        System.exit(new AdvisoriesCommand(System.out, System.err, LocalDate.now(Clock.systemUTC()))
                .run(List.of(arguments)));
    }

    /** Runs the command with the given arguments, and returns the exit code of the process. */
    int run(List<String> arguments) {
        Path sbom = null;
        Path ignore = null;
        List<Path> sources = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            boolean isOption = argument.startsWith("--");
            if (isOption && i + 1 < arguments.size() && argument.equals("--sbom")) {
                sbom = Path.of(arguments.get(++i));
            } else if (isOption && i + 1 < arguments.size() && argument.equals("--ignore")) {
                ignore = Path.of(arguments.get(++i));
            } else if (isOption) {
                return endUnchecked(USAGE);
            } else {
                sources.add(Path.of(argument));
            }
        }
        if (sbom == null) {
            return endUnchecked("there is no list of libraries: make it with dev/package, or name it with --sbom");
        }
        if (sources.isEmpty()) {
            return endUnchecked("there are no advisories to check: name a folder or zip file of OSV files, such as the"
                    + " exports of Maven and npm from osv.dev");
        }
        return check(sbom, ignore, sources);
    }

    private int check(Path sbom, @Nullable Path ignore, List<Path> sources) {
        Path current = sbom;
        try {
            AdvisoryCheck check = new AdvisoryCheck(SbomReader.read(Files.readAllBytes(sbom)));
            IgnoreFile ignoreFile = IgnoreFile.NONE;
            if (ignore != null) {
                current = ignore;
                ignoreFile = IgnoreFile.read(Files.readAllLines(ignore));
            }
            for (Path source : sources) {
                current = source;
                check.check(source);
            }
            return report(check, ignoreFile);
        } catch (NoSuchFileException e) {
            return endUnchecked("there is no file or folder " + current);
        } catch (IOException e) {
            return endUnchecked(current + " cannot be read: " + e.getMessage());
        } catch (MalformedFileException e) {
            return endUnchecked(current + " cannot be used: " + e.getMessage());
        }
    }

    private int report(AdvisoryCheck check, IgnoreFile ignored) {
        if (check.advisories() == 0 && check.problems().isEmpty()) {
            return endUnchecked("there are no advisories to check: no file of them ends in .json");
        }
        int countedFindings = 0;
        for (AdvisoryFinding finding : check.findings()) {
            Optional<IgnoreFile.Entry> entry = ignored.find(finding.advisory(), today);
            if (entry.isPresent() && IgnoreFile.applies(entry.get(), today)) {
                err.println("ignored until " + entry.get().until() + " ("
                        + entry.get().reason() + "): " + finding);
                continue;
            }
            entry.ifPresent(
                    past -> err.println(past.id() + " counts again, since it was ignored only until " + past.until()));
            out.println(finding);
            countedFindings++;
        }
        check.problems().forEach(problem -> err.println("could not be read: " + problem));
        check.ecosystemsWithoutAdvisories()
                .forEach(ecosystem -> err.println("no advisory about " + ecosystem + " was given"));
        err.println(check.advisories() + " advisories checked, " + countedFindings + " affect a library");
        if (countedFindings > 0) {
            return FOUND;
        }
        return check.problems().isEmpty() && check.ecosystemsWithoutAdvisories().isEmpty()
                ? NOTHING_FOUND
                : NOT_CHECKED;
    }

    private int endUnchecked(String reason) {
        err.println("advisories: " + reason);
        return NOT_CHECKED;
    }
}
