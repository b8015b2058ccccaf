import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.JSON;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Reads Kubernetes objects as YAML from standard input, checks each against the model of the Kubernetes API, and writes
 * all of them as one JSON array.
 *
 * <p>The models refuse fields that the API does not know, missing fields that it requires, and values of another type.
 * Objects of other groups, such as those of the Prometheus operator, are written without a check, and named.
 */
final class ValidateManifests {

    /** The API versions whose models are named after their kind. */
    private static final List<String> KNOWN = List.of("v1", "apps/v1", "networking.k8s.io/v1", "policy/v1");

    public static void main(String[] arguments) throws Exception {
        // Creates the reader of the models, which knows amounts such as 1Gi.
        new JSON();
        Gson plain = new GsonBuilder().disableHtmlEscaping().create();
        List<JsonElement> objects = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromInputStream(System.in)) {
            JsonObject object = plain.toJsonTree((Map<?, ?>) document).getAsJsonObject();
            String name = object.get("kind").getAsString() + " "
                    + object.getAsJsonObject("metadata").get("name").getAsString();
            try {
                validate(name, object);
            } catch (InvocationTargetException e) {
                problems.add(name + ": " + e.getCause().getMessage());
            } catch (RuntimeException e) {
                problems.add(name + ": " + e.getMessage());
            }
            objects.add(object);
        }
        problems.forEach(System.err::println);
        System.out.println(plain.toJson(objects));
        System.exit(problems.isEmpty() ? 0 : 1);
    }

    private static void validate(String name, JsonObject object) throws ReflectiveOperationException {
        if (!KNOWN.contains(object.get("apiVersion").getAsString())) {
            System.err.println(name + ": there is no model of " + object.get("apiVersion").getAsString());
            return;
        }
        Class<?> model = Class.forName(
                "io.kubernetes.client.openapi.models.V1" + object.get("kind").getAsString());
        model.getMethod("validateJsonElement", JsonElement.class).invoke(null, object);
        JSON.getGson().fromJson(object, model);
    }
}
