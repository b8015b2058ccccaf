package io.keysweep.site.advisories;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Checks libraries against advisories, and collects findings and the files that it cannot read or compare. */
final class AdvisoryCheck {

    private final Collection<Component> components;
    private final List<AdvisoryFinding> findings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Set<Ecosystem> ecosystemsWithAdvisories = EnumSet.noneOf(Ecosystem.class);
    private int advisories;

    AdvisoryCheck(Collection<Component> components) {
        this.components = List.copyOf(components);
    }

    /**
     * Checks the advisories of a folder, a zip file or a file.
     *
     * @throws IOException if it cannot be read
     */
    void check(Path source) throws IOException {
        AdvisoryFiles.forEach(source, this::check);
    }

    private void check(String name, byte[] content) {
        try {
            Advisory advisory = OsvReader.read(content);
            advisories++;
            advisory.affected().forEach(affected -> ecosystemsWithAdvisories.add(affected.ecosystem()));
            for (Component component : components) {
                advisory.check(component)
                        // The same advisory can be in several files.
                        .filter(finding -> !findings.contains(finding))
                        .ifPresent(findings::add);
            }
        } catch (MalformedFileException | IllegalArgumentException e) {
            problems.add(name + ": " + e.getMessage());
        }
    }

    /** Returns a finding for each advisory that affects a library. */
    List<AdvisoryFinding> findings() {
        return List.copyOf(findings);
    }

    /** Returns a sentence for each file that could not be read or compared. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Returns the number of advisories, including advisories that affect no library. */
    int advisories() {
        return advisories;
    }

    /** Returns the ecosystems of the libraries about which there was no advisory at all. */
    List<Ecosystem> ecosystemsWithoutAdvisories() {
        return components.stream()
                .map(Component::ecosystem)
                .distinct()
                .filter(ecosystem -> !ecosystemsWithAdvisories.contains(ecosystem))
                .toList();
    }
}
