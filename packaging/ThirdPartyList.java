import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Prints the libraries that SBOM files in CycloneDX's format list, one a line with their licences. */
class ThirdPartyList {

    public static void main(String[] files) throws Exception {
        TreeMap<String, String> licences = new TreeMap<>();
        for (String file : files) {
            JsonNode sbom = new ObjectMapper().readTree(Files.readString(Path.of(file)));
            for (JsonNode library : sbom.path("components")) {
                String group = library.path("group").asString("");
                if (!group.equals("io.keysweep")) {
                    licences.put(
                            group + ":" + library.path("name").asString("") + " "
                                    + library.path("version").asString(""),
                            licencesOf(library));
                }
            }
        }
        licences.forEach((library, text) -> System.out.println(library + "  " + text));
    }

    private static String licencesOf(JsonNode library) {
        List<String> found = new ArrayList<>();
        for (JsonNode entry : library.path("licenses")) {
            JsonNode licence = entry.path("license");
            String name = licence.path("id").asString("");
            name = name.isEmpty() ? licence.path("name").asString("") : name;
            name = name.isEmpty() ? entry.path("expression").asString("") : name;
            found.add(name);
        }
        return found.isEmpty() ? "(names no licence)" : String.join(", ", found);
    }
}
