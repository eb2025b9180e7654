"""What visitors see."""

from __future__ import annotations

from django.urls import path

from sympolity.portal.views import about, cities, cooperation, finding, machines, maps, neutral, passing_on, things

urlpatterns = [
    path("", finding.choose, name="choose"),
    path("<lang:lang>/", finding.home, name="home"),
    path("<lang:lang>/find/", finding.find, name="find"),
    path("<lang:lang>/find.json", finding.find_json, name="find_json"),
    path("<lang:lang>/service/<uuid:id>/", things.service, name="service"),
    path("<lang:lang>/organization/<uuid:id>/", things.organization, name="organization"),
    path("<lang:lang>/map.json", maps.map_setting, name="map"),
    path("<lang:lang>/find/map.json", maps.find_map, name="find_map"),
    path("<lang:lang>/service/<uuid:id>/map.json", maps.service_map, name="service_map"),
    path("<lang:lang>/organization/<uuid:id>/map.json", maps.organization_map, name="organization_map"),
    path("<lang:lang>/city/<slug:slug>/map.json", maps.city_map, name="city_map"),
    path("map/tiles.pmtiles", maps.tiles, name="map_tiles"),
    path("<lang:lang>/cities/", cities.cities, name="cities"),
    path("<lang:lang>/city/<slug:slug>/", cities.city, name="city"),
    path("<lang:lang>/notices/", cities.notices, name="notices"),
    path("<lang:lang>/cooperation/", cooperation.cooperation, name="cooperation"),
    path("<lang:lang>/network/<slug:slug>/", cooperation.network, name="network"),
    path("<lang:lang>/needs/", about.needs, name="needs"),
    path("<lang:lang>/about/", about.about, name="about"),
    path("<lang:lang>/privacy/", about.privacy, name="privacy"),
    path("<lang:lang>/accessibility/", about.accessibility, name="accessibility"),
    path("<lang:lang>/sources/", about.data_sources, name="sources"),
    path("<lang:lang>/languages/", about.languages, name="languages"),
    path("<lang:lang>/languages/<slug:code>/", about.language, name="language"),
    path("<lang:lang>/service/<uuid:id>/share/", passing_on.share_service, name="share_service"),
    path("<lang:lang>/service/<uuid:id>/print/", passing_on.print_service, name="print_service"),
    path("<lang:lang>/find/share/", passing_on.share_list, name="share_list"),
    path("<lang:lang>/find/print/", passing_on.print_list, name="print_list"),
    path("<lang:lang>/saved/", passing_on.saved, name="saved"),
    path("<lang:lang>/code/", passing_on.code, name="code"),
    path("s/", passing_on.told, name="told"),
    path("s/<str:typed>/", passing_on.told, name="told_code"),
    path("find/", neutral.page, name="neutral_find"),
    path("service/<uuid:id>/", neutral.page, name="neutral_service"),
    path("organization/<uuid:id>/", neutral.page, name="neutral_organization"),
    path("city/<slug:slug>/", neutral.page, name="neutral_city"),
    path("needs/", neutral.page, name="neutral_needs"),
    path("<lang:lang>/services.atom", machines.feed, name="feed"),
    path("<lang:lang>/city/<slug:slug>/services.atom", machines.feed, name="city_feed"),
    path("<lang:lang>/opensearch.xml", machines.opensearch, name="opensearch"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("sitemap-<slug:kind>-<int:number>.xml", machines.sitemap_part, name="sitemap_part"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security, name="security"),
]
