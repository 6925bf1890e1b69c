"""What `content/referral.yml` holds: who to see, how soon and what to say there."""

from pydantic import Field, validator

from wrist.models import Content, Disposition, Sentence, Service


class Referral(Content):
    """Services by disposition, with what to bring, tell and ask.

    The key `register` is `registers` here: pydantic keeps the shorter name for itself.
    """

    services: tuple[Service, ...]
    by_disposition: dict[Disposition, tuple[str, ...]]
    how_soon: dict[Disposition, Sentence]
    bring: tuple[Sentence, ...]
    tell: tuple[Sentence, ...]
    ask: tuple[Sentence, ...]
    registers: tuple[Sentence, ...] = Field(alias="register")
    no_person: tuple[Sentence, ...]
    free_routes: tuple[Sentence, ...]
    home_visit: tuple[Sentence, ...]
    remote: tuple[Sentence, ...]

    @validator("services")
    def _ids_are_unique(cls, services: tuple[Service, ...]) -> tuple[Service, ...]:
        ids = [service.id for service in services]
        if len(ids) != len(set(ids)):
            raise ValueError("two services share an id")
        return services

    @validator("by_disposition", "how_soon")
    def _every_disposition(cls, value: dict[Disposition, object]) -> object:
        missing = [d.value for d in Disposition if d not in value]
        if missing:
            raise ValueError(f"missing: {', '.join(missing)}")
        return value

    @validator("by_disposition")
    def _services_exist(
        cls, value: dict[Disposition, tuple[str, ...]], values: dict[str, object]
    ) -> dict[Disposition, tuple[str, ...]]:
        services = values.get("services", ())
        known = {s.id for s in services} if isinstance(services, tuple) else set()
        unknown = {name for names in value.values() for name in names} - known
        if unknown:
            raise ValueError(f"no such service: {', '.join(sorted(unknown))}")
        return value

    def service(self, name: str) -> Service:
        """The service of that id."""
        return next(service for service in self.services if service.id == name)

    def services_for(self, disposition: Disposition) -> tuple[Service, ...]:
        """Where to go with this disposition, first choice first."""
        return tuple(self.service(name) for name in self.by_disposition[disposition])
